package io.farandole.shop.order.registration;

import io.farandole.messaging.PersonalData;
import io.farandole.messaging.PersonalData.Opened;
import io.farandole.saga.outside.OutsideCallView;
import io.farandole.saga.outside.OutsideCalls;
import io.farandole.shop.order.registration.CustomerResource.WelcomeMailResource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** The questions about customers; thread-safe. */
@Service
@WhereMailIsSent
class FindCustomers {

    private final CustomerViews views;
    private final PersonalData personal;
    private final OutsideCalls calls;

    FindCustomers(CustomerViews views, PersonalData personal, OutsideCalls calls) {
        this.views = views;
        this.personal = personal;
        this.calls = calls;
    }

    Optional<CustomerView> byId(String customerId) {
        return views.findById(customerId);
    }

    Optional<CustomerResource> resource(String customerId) {
        return views.findById(customerId).map(this::resource);
    }

    private CustomerResource resource(CustomerView customer) {
        List<Opened> opened = personal.open(List.of(customer.email(), customer.name()));
        return new CustomerResource(
                customer.getId(),
                opened.get(0).text().orElse(null),
                opened.get(1).text().orElse(null),
                opened.get(0).isErased() ? Boolean.TRUE : null,
                customer.registeredAt(),
                mail(customer));
    }

    private WelcomeMailResource mail(CustomerView customer) {
        List<OutsideCallView> made = calls.list(customer.getId()).stream()
                .filter(call -> call.kind().equals(OutsideWelcomeMails.KIND))
                .toList();
        Integer attempts = made.isEmpty()
                ? null
                : made.stream().mapToInt(OutsideCallView::attempts).sum();
        return new WelcomeMailResource(customer.mailState(), customer.mailSince(), attempts, text(customer, made));
    }

    private static @Nullable String text(CustomerView customer, List<OutsideCallView> made) {
        if (customer.mailState() != MailState.PENDING || made.isEmpty()) {
            return customer.mailText();
        }
        String lastError = made.get(made.size() - 1).lastError();
        return lastError == null ? null : "It is tried again; the last time: " + lastError;
    }
}
