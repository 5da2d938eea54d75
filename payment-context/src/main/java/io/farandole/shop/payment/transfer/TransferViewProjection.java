package io.farandole.shop.payment.transfer;

import io.farandole.axon.RowChanges;
import io.farandole.shop.payment.transfer.TransferEvent.HeldTransferRequested;
import io.farandole.shop.payment.transfer.TransferEvent.TransferAskedAgain;
import io.farandole.shop.payment.transfer.TransferEvent.TransferCancelled;
import io.farandole.shop.payment.transfer.TransferEvent.TransferCompleted;
import io.farandole.shop.payment.transfer.TransferEvent.TransferRefused;
import io.farandole.shop.payment.transfer.TransferEvent.TransferSetAside;
import io.farandole.shop.payment.transfer.TransferEvent.XaTransferRequested;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ReplayStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Writes a transfer's row in the transaction that appends its events: it can be read as soon as it is accepted. */
@Component
@WithBanks
@ProcessingGroup(TransferViewProjection.GROUP)
class TransferViewProjection {

    static final String GROUP = "transfer-view";
    private static final Logger log = LoggerFactory.getLogger(TransferViewProjection.class);

    private final TransferViews views;
    private final RowChanges<String, TransferView> rows;

    TransferViewProjection(TransferViews views) {
        this.views = views;
        this.rows = new RowChanges<>(views::findAllByTransferIdIn, TransferView::getId, views::save);
    }

    @EventHandler
    void on(XaTransferRequested event) {
        views.save(new TransferView(event.order(), TransferMode.XA));
    }

    @EventHandler
    void on(HeldTransferRequested event) {
        views.save(new TransferView(event.order(), TransferMode.SAGA));
    }

    @EventHandler
    void on(TransferCompleted event) {
        change(event, TransferStatus.COMPLETED, null);
    }

    @EventHandler
    void on(TransferRefused event) {
        change(event, TransferStatus.REFUSED, event.reason());
    }

    @EventHandler
    void on(TransferCancelled event) {
        change(event, TransferStatus.REFUSED, event.reason());
    }

    @EventHandler
    void on(TransferSetAside event, ReplayStatus status) {
        if (!status.isReplay()) {
            log.error("Transfer {} waits for a person: {}", event.transferId(), event.text());
        }
        change(event, TransferStatus.PARKED, event.text());
    }

    @EventHandler
    void on(TransferAskedAgain event) {
        change(event, TransferStatus.PENDING, null);
    }

    private void change(TransferEvent event, TransferStatus status, @Nullable String reason) {
        rows.change(event.transferId(), row -> {
            if (row == null) {
                throw new IllegalStateException("Transfer " + event.transferId()
                        + " has events but no row in app.transfer_view: rebuild the read model from the journal");
            }
            row.is(status, reason);
            return row;
        });
    }
}
