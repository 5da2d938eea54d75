package io.farandole.shop.order.web;

import io.farandole.messaging.Personal;
import io.farandole.messaging.PersonalData;
import io.farandole.messaging.PersonalData.Opened;
import io.farandole.messaging.PersonalDataException;
import io.farandole.messaging.PersonalDataException.Reason;
import io.farandole.shop.order.tracking.OrderStatusView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;

/**
 * Where orders go, which is personal: sealed before anything else of the service sees it, and opened for an answer only. Thread-safe.
 */
@Component
class DeliveryAddresses {

    private static final Logger log = LoggerFactory.getLogger(DeliveryAddresses.class);

    private static final String SCOPE = "delivery";

    private final PersonalData personal;

    DeliveryAddresses(PersonalData personal) {
        this.personal = personal;
    }

    /**
     * Seals one with the customer's key.
     *
     * @throws ResponseStatusException 422 if the service is not set up to; it never keeps an address in clear
     */
    @Nullable Personal seal(String customerId, @Nullable String deliverTo) {
        if (deliverTo == null) {
            return null;
        }
        if (!personal.canSeal()) {
            throw new ResponseStatusException(
                    HttpStatus.UNPROCESSABLE_CONTENT,
                    "This shop is not set up to keep addresses: leave deliverTo out, or have its operator set"
                            + " farandole.personal.master-key");
        }
        return personal.seal(customerId, SCOPE, deliverTo);
    }

    /** An order with its address, if it has one that can be opened. */
    OrderResource resource(OrderStatusView view) {
        return resources(List.of(view)).get(0);
    }

    /** Several orders, with one question for all their keys. */
    List<OrderResource> resources(List<OrderStatusView> views) {
        List<Personal> sealed = views.stream()
                .map(OrderStatusView::deliverTo)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        Map<Personal, Opened> opened = sealed.isEmpty() ? Map.of() : open(sealed);
        return views.stream().map(view -> resource(view, opened)).toList();
    }

    private static OrderResource resource(OrderStatusView view, Map<Personal, Opened> opened) {
        Personal deliverTo = view.deliverTo();
        return OrderResource.of(view, deliverTo == null ? null : opened.get(deliverTo));
    }

    /** Without those that cannot be opened: an order whose address is damaged is an order all the same, as are the others of its page. */
    private Map<Personal, Opened> open(List<Personal> sealed) {
        Map<Personal, Opened> opened = new HashMap<>();
        try {
            List<Opened> texts = personal.open(sealed);
            for (int i = 0; i < sealed.size(); i++) {
                opened.put(sealed.get(i), texts.get(i));
            }
        } catch (PersonalDataException e) {
            if (e.reason() != Reason.DAMAGED) {
                throw new ResponseStatusException(
                        e.reason() == Reason.UNAVAILABLE
                                ? HttpStatus.SERVICE_UNAVAILABLE
                                : HttpStatus.INTERNAL_SERVER_ERROR,
                        e.getMessage(),
                        e);
            }
            if (sealed.size() > 1) {
                sealed.forEach(one -> opened.putAll(open(List.of(one))));
            } else {
                log.error("A delivery address cannot be opened: {}", sealed.get(0), e);
            }
        }
        return opened;
    }
}
