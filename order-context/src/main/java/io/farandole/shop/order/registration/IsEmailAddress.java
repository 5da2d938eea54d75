package io.farandole.shop.order.registration;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/** An {@link EmailAddress}. */
@Documented
@Constraint(validatedBy = IsEmailAddress.Validator.class)
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.FIELD, ElementType.PARAMETER})
@interface IsEmailAddress {

    /** What is said of one that is not. */
    String message() default "is no address";

    /** Bean Validation's. */
    Class<?>[] groups() default {};

    /** Bean Validation's. */
    Class<? extends Payload>[] payload() default {};

    /** Says what is wrong, without repeating the address. */
    final class Validator implements ConstraintValidator<IsEmailAddress, String> {

        @Override
        public boolean isValid(@Nullable String text, ConstraintValidatorContext context) {
            if (text == null) {
                return true;
            }
            try {
                EmailAddress unused = EmailAddress.parse(text);
                return true;
            } catch (IllegalArgumentException e) {
                context.disableDefaultConstraintViolation();
                context.buildConstraintViolationWithTemplate(String.valueOf(e.getMessage()))
                        .addConstraintViolation();
                return false;
            }
        }
    }
}
