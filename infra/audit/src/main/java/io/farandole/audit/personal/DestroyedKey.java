package io.farandole.audit.personal;

/** A key that is gone; neither tells whose it was. */
public record DestroyedKey(String keyId, String scope) {}
