package io.farandole.shop.order.registration;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;

/**
 * The body of {@code POST /customers}; all of it is personal: it is sealed at once, and erased with the customer.
 *
 * @param email where the customer is written to
 * @param name how the customer is addressed: 1 to 200 characters of one line
 */
record RegistrationRequest(
        @NotNull @IsEmailAddress String email,
        @NotNull @Pattern(
                        regexp = "(?=.*\\S)[^\\p{Cc}\\p{Zl}\\p{Zp}\\x{202A}-\\x{202E}\\x{2066}-\\x{2069}]{1,200}",
                        message = "has 1 to 200 characters of one line")
                String name) {

    /** Without address and name. */
    @Override
    public String toString() {
        return "RegistrationRequest";
    }
}
