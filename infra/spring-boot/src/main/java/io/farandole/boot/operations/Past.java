package io.farandole.boot.operations;

import io.farandole.audit.state.NoSuchStateException;
import io.farandole.audit.state.Point;
import java.util.function.Supplier;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.http.HttpStatus;

/** What questions about the past have in common. */
final class Past {

    private Past() {}

    /** The answer, or what there is instead. */
    static WebEndpointResponse<Object> answer(Supplier<Object> question) {
        try {
            return new WebEndpointResponse<>(question.get());
        } catch (NoSuchStateException | NothingThereException e) {
            return Problem.of(HttpStatus.NOT_FOUND, String.valueOf(e.getMessage()))
                    .response();
        } catch (IllegalArgumentException e) {
            return Problem.of(HttpStatus.UNPROCESSABLE_CONTENT, e.getMessage() + ".")
                    .response();
        }
    }

    /** A time, and nothing else. */
    static Point.Time time(String field, String text) {
        return Input.checked(field, () -> Point.parse(text)) instanceof Point.Time time ? time : refuse(field, text);
    }

    private static Point.Time refuse(String field, String text) {
        throw new BadInputException(
                field, field + " is a time with its zone, such as 2026-11-22T10:15:30Z, not '" + text + "'.");
    }
}
