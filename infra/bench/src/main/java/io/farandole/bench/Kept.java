package io.farandole.bench;

/** What a benchmark takes from the one before it and leaves open for the next one, so that not each of them starts services. */
enum Kept {

    /** Nothing: it starts what it needs, and ends it. */
    NOTHING,

    /** The {@link Contenders}. */
    CONTENDERS,

    /** The {@link GrowingShop}. */
    GROWING_SHOP;

    /** Ends what is kept and is not this. */
    void only() {
        if (this != CONTENDERS) {
            Contenders.endShared();
        }
        if (this != GROWING_SHOP) {
            GrowingShops.endShared();
        }
    }
}
