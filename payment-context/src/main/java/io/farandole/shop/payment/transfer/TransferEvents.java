package io.farandole.shop.payment.transfer;

import io.farandole.messaging.EventTypes;

/** The stored names of a transfer's events. Stable: they are in the journal. */
final class TransferEvents {

    static final EventTypes TYPES = EventTypes.builder()
            .event(
                    "payment.xa-transfer-requested",
                    1,
                    TransferEvent.XaTransferRequested.class,
                    TransferEvent::transferId)
            .event(
                    "payment.held-transfer-requested",
                    1,
                    TransferEvent.HeldTransferRequested.class,
                    TransferEvent::transferId)
            .event("payment.transfer-held", 1, TransferEvent.TransferHeld.class, TransferEvent::transferId)
            .event("payment.transfer-credited", 1, TransferEvent.TransferCredited.class, TransferEvent::transferId)
            .event("payment.transfer-given-up", 1, TransferEvent.TransferGivenUp.class, TransferEvent::transferId)
            .event("payment.transfer-completed", 1, TransferEvent.TransferCompleted.class, TransferEvent::transferId)
            .event("payment.transfer-refused", 1, TransferEvent.TransferRefused.class, TransferEvent::transferId)
            .event("payment.transfer-cancelled", 1, TransferEvent.TransferCancelled.class, TransferEvent::transferId)
            .event("payment.transfer-set-aside", 1, TransferEvent.TransferSetAside.class, TransferEvent::transferId)
            .event("payment.transfer-asked-again", 1, TransferEvent.TransferAskedAgain.class, TransferEvent::transferId)
            .build();

    private TransferEvents() {}
}
