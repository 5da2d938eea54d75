package io.farandole.boot.command;

import io.farandole.axon.CommandJson;
import io.farandole.messaging.command.CommandOutcome.FieldError;
import io.farandole.messaging.command.CommandOutcome.Refused;
import io.farandole.messaging.command.RefusalReason;
import io.farandole.messaging.command.RefusedCommandException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.json.JsonMapper;

/** As the context's HTTP side reads and writes: with the application's own mapper and constraints. Thread-safe. */
final class MappedJson implements CommandJson {

    private final JsonMapper mapper;
    private final Function<Object, List<FieldError>> constraints;

    MappedJson(JsonMapper mapper, Function<Object, List<FieldError>> constraints) {
        this.mapper = mapper;
        this.constraints = constraints;
    }

    @Override
    public <T> T read(String body, Class<T> request) {
        T read;
        try {
            read = mapper.readValue(body, request);
        } catch (DatabindException misfit) {
            throw invalid(List.of(new FieldError(path(misfit), "has a value of the wrong kind, or too large")));
        } catch (JacksonException broken) {
            throw new RefusedCommandException(
                    Refused.of(RefusalReason.MALFORMED_JSON, "The body is not JSON of the expected form"));
        }
        List<FieldError> errors = constraints.apply(read);
        if (!errors.isEmpty()) {
            throw invalid(errors);
        }
        return read;
    }

    private static RefusedCommandException invalid(List<FieldError> errors) {
        return new RefusedCommandException(
                new Refused(RefusalReason.INVALID.code(), "The request is not valid; see errors", errors));
    }

    /** Without values, which may be personal. */
    private static String path(DatabindException misfit) {
        return misfit.getPath().stream()
                .map(step ->
                        step.getPropertyName() == null ? "[" + step.getIndex() + "]" : "." + step.getPropertyName())
                .collect(Collectors.joining())
                .replaceFirst("^\\.", "");
    }

    @Override
    public @Nullable String write(@Nullable Object result) {
        return result == null ? null : mapper.writeValueAsString(result);
    }
}
