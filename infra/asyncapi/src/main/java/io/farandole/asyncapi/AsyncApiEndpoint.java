package io.farandole.asyncapi;

import java.util.function.Supplier;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.util.function.SingletonSupplier;

/**
 * {@code GET /actuator/asyncapi}: the AsyncAPI 3.0 document of this context, JSON. Not exposed unless {@code
 * management.endpoints.web.exposure.include} names it. It holds names and schemas of what is published and accepted, and nothing of
 * what was.
 */
@Endpoint(id = "asyncapi")
public class AsyncApiEndpoint {

    private final SingletonSupplier<String> document;

    /** {@code document} is asked when the first one wants to know: a start need not wait for it. */
    AsyncApiEndpoint(Supplier<String> document) {
        this.document = SingletonSupplier.of(document);
    }

    /** The document; it does not change while the service runs. */
    @ReadOperation(produces = "application/json")
    public String document() {
        return document.obtain();
    }
}
