package io.farandole.shop.order.registration;

import io.farandole.messaging.PersonalData;
import io.farandole.messaging.PersonalData.Opened;
import io.farandole.saga.outside.Outcome;
import io.farandole.saga.outside.OutsideCallHandler;
import io.farandole.shop.order.registration.CustomerCommand.RecordMailOutcome;
import io.farandole.shop.order.registration.MailOutcome.Kind;
import io.farandole.shop.order.registration.OutsideWelcomeMails.Request;
import java.util.List;

/**
 * Sends a welcome mail: looks up who it is for at the moment in which it is sent, so that it goes to the address that is the
 * customer's now, and to nobody who was erased meanwhile.
 */
final class WelcomeMailHandler implements OutsideCallHandler<Request, MailOutcome> {

    private final CustomerViews customers;
    private final PersonalData personal;
    private final Mailer mailer;

    WelcomeMailHandler(CustomerViews customers, PersonalData personal, Mailer mailer) {
        this.customers = customers;
        this.personal = personal;
        this.mailer = mailer;
    }

    @Override
    public String kind() {
        return OutsideWelcomeMails.KIND;
    }

    @Override
    public Class<Request> requestType() {
        return Request.class;
    }

    @Override
    public Class<MailOutcome> resultType() {
        return MailOutcome.class;
    }

    @Override
    public Outcome<MailOutcome> call(Request request, String idempotencyKey) {
        CustomerView customer = customers
                .findById(request.customerId())
                .orElseThrow(() -> new IllegalStateException(
                        "Customer " + request.customerId() + " is to be sent a mail and has no row in app.customer"));
        if (customer.mailState() != MailState.PENDING || customer.mailRound() != request.round()) {
            return Outcome.known(MailOutcome.of(Kind.OVERTAKEN));
        }
        List<Opened> opened = personal.open(List.of(customer.email(), customer.name()));
        String email = opened.get(0).text().orElse(null);
        String name = opened.get(1).text().orElse(null);
        if (email == null || name == null) {
            return Outcome.known(MailOutcome.of(Kind.ERASED));
        }
        return mailer.send(new WelcomeLetter(request.customerId(), email, name, customer.registeredAt()));
    }

    @Override
    public Object command(Request request, MailOutcome outcome) {
        return new RecordMailOutcome(request.customerId(), request.round(), outcome);
    }

    @Override
    public MailOutcome onTimeLimit(Request request) {
        return MailOutcome.of(Kind.NOT_TAKEN);
    }
}
