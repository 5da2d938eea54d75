package io.farandole.shop.payment.transfer.bank;

/** Which part of a transfer a bank has; the names are stored. */
enum Side {
    DEBIT {
        @Override
        BankAccount of(TransferOrder order) {
            return order.from();
        }

        @Override
        long signed(TransferOrder order) {
            return -order.amount().minor();
        }
    },
    CREDIT {
        @Override
        BankAccount of(TransferOrder order) {
            return order.to();
        }

        @Override
        long signed(TransferOrder order) {
            return order.amount().minor();
        }
    };

    /** Whose account it is. */
    abstract BankAccount of(TransferOrder order);

    /** What its balance changes by. */
    abstract long signed(TransferOrder order);
}
