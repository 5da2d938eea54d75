package io.farandole.boot.operations;

import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may operate the service over HTTP.
 *
 * @param operators names and password hashes, such as {@code {bcrypt}$2a$10$...}; asked for by HTTP Basic at the endpoints for
 *     operations, unless the application's own security has signed somebody in. Plain text ({@code {noop}}) in profile dev only.
 *     None by default
 */
@ConfigurationProperties("farandole.operations")
public record OperationsProperties(@DefaultValue Map<String, String> operators) {

    public OperationsProperties {
        operators = Map.copyOf(operators);
    }

    /** Without hashes. */
    @Override
    public String toString() {
        return "OperationsProperties[operators " + operators.keySet() + "]";
    }
}
