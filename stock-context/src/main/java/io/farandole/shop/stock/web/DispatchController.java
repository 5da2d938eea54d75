package io.farandole.shop.stock.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.farandole.messaging.PersonalData;
import io.farandole.messaging.PersonalData.Opened;
import io.farandole.messaging.PersonalDataException;
import io.farandole.messaging.PersonalDataException.Reason;
import io.farandole.shop.stock.dispatch.DispatchView;
import io.farandole.shop.stock.dispatch.FindDispatches;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Where goods are sent. Only this asks for order's keys: stock does its work without them. */
@RestController
class DispatchController {

    private static final Logger log = LoggerFactory.getLogger(DispatchController.class);
    private static final String ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";
    private static final String ID_MESSAGE =
            "has 1 to 100 letters, digits, dots, underscores or hyphens, and begins with a letter or digit";

    private final FindDispatches dispatches;
    private final PersonalData personal;

    DispatchController(FindDispatches dispatches, PersonalData personal) {
        this.dispatches = dispatches;
        this.personal = personal;
    }

    /**
     * Where an order's goods are sent.
     *
     * @param deliverTo absent if it is erased
     * @param deliverToErased true if it is; absent otherwise
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record DispatchResource(String orderId, @Nullable String deliverTo, @Nullable Boolean deliverToErased) {

        /** Without the address. */
        @Override
        public String toString() {
            return "DispatchResource[" + orderId + "]";
        }
    }

    /** Where an order's goods are sent; 503 while order, which owns the keys, cannot be asked. */
    @GetMapping("/dispatches/{orderId}")
    DispatchResource one(@PathVariable @Pattern(regexp = ID, message = ID_MESSAGE) String orderId) {
        return dispatches
                .byOrder(orderId)
                .map(this::resource)
                .orElseThrow(() -> new ResponseStatusException(
                        HttpStatus.NOT_FOUND, "Nothing is known of where order " + orderId + " goes"));
    }

    private DispatchResource resource(DispatchView dispatch) {
        try {
            Opened opened = personal.open(dispatch.deliverTo());
            return new DispatchResource(
                    dispatch.getId(), opened.text().orElse(null), opened.isErased() ? Boolean.TRUE : null);
        } catch (PersonalDataException e) {
            if (e.reason() == Reason.UNAVAILABLE) {
                throw new ResponseStatusException(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "The owner of the address's key cannot be asked now: try again",
                        e);
            }
            log.error("The address of order {} cannot be opened", dispatch.getId(), e);
            throw new ResponseStatusException(
                    HttpStatus.BAD_GATEWAY,
                    e.reason() == Reason.REFUSED
                            ? "The owner of the address's key does not let stock have it; the log tells what to set"
                            : "The address cannot be opened; the log tells why",
                    e);
        }
    }
}
