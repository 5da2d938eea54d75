package io.farandole.shop.order.registration;

/** A keyed digest of an address: tells whether two are the same one, and to nobody without the key which one it is. */
record EmailDigest(String text) {

    /** Without it: it is of use to whoever has the key. */
    @Override
    public String toString() {
        return "EmailDigest";
    }
}
