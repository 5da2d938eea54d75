package io.farandole.audit.reconcile;

/**
 * What the statements of a part of all entries add up to.
 *
 * @param part its number
 * @param statements how many there are that are not nought
 * @param digest sum of their own digests, over entry, account and amount
 */
public record PartDigest(int part, long statements, String digest) {}
