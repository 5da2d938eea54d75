package io.farandole.boot.command;

import io.farandole.messaging.command.CommandOutcome.FieldError;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** What Jakarta Validation finds wrong with a request, in the order of fields. Thread-safe. */
final class Constraints implements Function<Object, List<FieldError>> {

    private final Validator validator;

    Constraints(Validator validator) {
        this.validator = validator;
    }

    @Override
    public List<FieldError> apply(Object request) {
        return validator.validate(request).stream()
                .map(Constraints::error)
                .sorted(Comparator.comparing(FieldError::field).thenComparing(FieldError::detail))
                .toList();
    }

    private static FieldError error(ConstraintViolation<Object> violation) {
        return new FieldError(violation.getPropertyPath().toString(), violation.getMessage());
    }
}
