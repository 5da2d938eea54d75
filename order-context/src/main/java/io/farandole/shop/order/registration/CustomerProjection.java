package io.farandole.shop.order.registration;

import io.farandole.axon.RowChanges;
import io.farandole.shop.order.registration.CustomerEvent.CustomerRegistered;
import io.farandole.shop.order.registration.CustomerEvent.EmailCorrected;
import io.farandole.shop.order.registration.CustomerEvent.WelcomeMailDropped;
import io.farandole.shop.order.registration.CustomerEvent.WelcomeMailFailed;
import io.farandole.shop.order.registration.CustomerEvent.WelcomeMailRequested;
import io.farandole.shop.order.registration.CustomerEvent.WelcomeMailSent;
import java.time.Instant;
import java.util.function.Consumer;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.Timestamp;
import org.springframework.stereotype.Component;

/** Writes a customer's row in the transaction that appends its events, so that who has registered can be asked for at once. */
@Component
@WhereMailIsSent
@ProcessingGroup(RegistrationConfiguration.CUSTOMERS)
class CustomerProjection {

    private final CustomerViews views;
    private final RowChanges<String, CustomerView> rows;

    CustomerProjection(CustomerViews views) {
        this.views = views;
        this.rows = new RowChanges<>(views::findAllByCustomerIdIn, CustomerView::getId, views::save);
    }

    @EventHandler
    void on(CustomerRegistered event, @Timestamp Instant at) {
        views.save(new CustomerView(event, at));
    }

    @EventHandler
    void on(EmailCorrected event) {
        change(event, row -> row.email(event.email()));
    }

    @EventHandler
    void on(WelcomeMailRequested event, @Timestamp Instant at) {
        change(event, row -> row.mail(MailState.PENDING, event.round(), null, at));
    }

    @EventHandler
    void on(WelcomeMailSent event, @Timestamp Instant at) {
        change(event, row -> row.mail(MailState.SENT, event.round(), null, at));
    }

    @EventHandler
    void on(WelcomeMailFailed event, @Timestamp Instant at) {
        change(event, row -> row.mail(MailState.FAILED, event.round(), FailureText.of(event), at));
    }

    @EventHandler
    void on(WelcomeMailDropped event, @Timestamp Instant at) {
        change(event, row -> row.mail(MailState.FAILED, event.round(), FailureText.ERASED, at));
    }

    private void change(CustomerEvent event, Consumer<CustomerView> change) {
        rows.change(event.customerId(), row -> {
            if (row == null) {
                throw new IllegalStateException("Customer " + event.customerId()
                        + " has events but no row in app.customer: rebuild the read model from the journal");
            }
            change.accept(row);
            return row;
        });
    }
}
