package io.farandole.shop.payment.transfer.bank;

import java.util.ServiceLoader;

/**
 * Told of the moments at which a process may die in the middle of an XA transaction; for tests, which let it die there: as the framework's
 * failpoints, by who is on the class path.
 */
@FunctionalInterface
interface XaMoments {

    /** Nobody is told. */
    XaMoments UNNOTICED = (moment, bank) -> {};

    /** Who is on the class path; in production nobody. */
    static XaMoments onClassPath() {
        return ServiceLoader.load(XaMoments.class, XaMoments.class.getClassLoader())
                .findFirst()
                .orElse(UNNOTICED);
    }

    /** A moment. */
    enum Moment {
        /** The bank's work is done, and nobody has asked it to prepare. */
        WORKED,
        /** The bank is about to be asked to prepare. */
        PREPARING,
        /** It has prepared; after the last bank, the decision is about to be logged. */
        PREPARED,
        /** The decision is logged, and the bank is about to be told. */
        COMMITTING,
        /** The bank has committed; after the last one, the log is about to be forgotten. */
        COMMITTED
    }

    /**
     * The current thread is there.
     *
     * @param bank at which bank
     */
    void reached(Moment moment, String bank);
}
