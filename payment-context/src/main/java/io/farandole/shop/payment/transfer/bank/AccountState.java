package io.farandole.shop.payment.transfer.bank;

/**
 * What an account holds, in minor units.
 *
 * @param balance all of it
 * @param held what of it is held for transfers under way as sagas
 */
public record AccountState(String currency, long balance, long held) {}
