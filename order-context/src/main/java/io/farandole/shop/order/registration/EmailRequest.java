package io.farandole.shop.order.registration;

import jakarta.validation.constraints.NotNull;

/**
 * The body of {@code PUT /customers/{id}/email}.
 *
 * @param email where the customer is written to from now on
 */
record EmailRequest(@NotNull @IsEmailAddress String email) {

    /** Without the address. */
    @Override
    public String toString() {
        return "EmailRequest";
    }
}
