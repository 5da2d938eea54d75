package io.farandole.shop.order.registration;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A customer, as it is told.
 *
 * @param email absent if the customer is erased
 * @param name absent if the customer is erased
 * @param erased true if so; absent otherwise
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record CustomerResource(
        String customerId,
        @Nullable String email,
        @Nullable String name,
        @Nullable Boolean erased,
        Instant registeredAt,
        WelcomeMailResource welcomeMail) {

    /**
     * Where the welcome mail stands.
     *
     * @param since when that is so
     * @param attempts how often the mail server was asked; absent once that is forgotten, a week after the end
     * @param text why it is not sent, and what to do; absent if there is nothing to say
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record WelcomeMailResource(MailState state, Instant since, @Nullable Integer attempts, @Nullable String text) {}

    /** Without address and name. */
    @Override
    public String toString() {
        return "CustomerResource[" + customerId + ", " + welcomeMail + "]";
    }
}
