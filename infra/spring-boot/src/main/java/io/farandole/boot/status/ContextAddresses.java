package io.farandole.boot.status;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where other contexts tell how a process stands.
 *
 * @param contexts by the context's name, the base of its Actuator endpoints: {@code http://stock:8082/actuator}; none by default
 * @param answerWithin how long one of them may take to answer; then it is named as missing. Positive; default 2 s
 */
@ConfigurationProperties("farandole.operations")
public record ContextAddresses(@DefaultValue Map<String, URI> contexts, @DefaultValue("2s") Duration answerWithin) {

    public ContextAddresses {
        contexts = Map.copyOf(contexts);
        if (answerWithin.isNegative() || answerWithin.isZero()) {
            throw new IllegalArgumentException(
                    "farandole.operations.answer-within is a positive duration, not " + answerWithin);
        }
        contexts.forEach((context, address) -> {
            if (address.getHost() == null || !Set.of("http", "https").contains(String.valueOf(address.getScheme()))) {
                throw new IllegalArgumentException("farandole.operations.contexts." + context
                        + " is the http or https address of the context's Actuator endpoints, such as"
                        + " http://stock:8082/actuator, not " + address);
            }
        });
    }
}
