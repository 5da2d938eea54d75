package io.farandole.shop.payment.transfer.bank;

import java.sql.SQLException;

/** Another instance has this node's name. */
final class NodeTakenException extends SQLException {

    NodeTakenException(String message) {
        super(message);
    }
}
