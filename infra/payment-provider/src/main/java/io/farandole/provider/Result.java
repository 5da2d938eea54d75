package io.farandole.provider;

import org.jspecify.annotations.Nullable;

/**
 * A definite answer, as the caller reads it.
 *
 * @param status {@code authorized}, {@code declined}, {@code captured}, {@code voided} or {@code refunded}
 * @param reason why it was declined, in kebab case
 */
public record Result(String status, @Nullable String reason) {

    static Result refused(String reason) {
        return new Result("declined", reason);
    }
}
