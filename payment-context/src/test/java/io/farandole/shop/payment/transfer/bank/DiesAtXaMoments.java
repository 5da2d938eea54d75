package io.farandole.shop.payment.transfer.bank;

import io.farandole.shop.payment.DiesWhereItIsTold;

/** Lets a service die in the middle of an XA transaction: at a moment and a bank, {@code PREPARED a}. */
public final class DiesAtXaMoments implements XaMoments {

    @Override
    public void reached(Moment moment, String bank) {
        DiesWhereItIsTold.passes(moment + " " + bank);
    }
}
