package io.farandole.shop.payment.transfer;

import io.farandole.shop.kernel.Money;
import io.farandole.shop.payment.transfer.TransferCommand.RequestTransfer;
import io.farandole.shop.payment.transfer.bank.BankAccount;
import io.farandole.shop.payment.transfer.bank.TransferOrder;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * The body of {@code POST /transfers}.
 *
 * @param transferId the client's own id; null for one of ours
 * @param amount exact and positive, at most {@value #MOST_MINOR} minor units
 */
record TransferRequest(
        @Nullable @Pattern(regexp = ID, message = "has 1 to 64 letters, digits, dots, dashes or underscores") String transferId,
        @NotNull @Valid AccountRequest from,
        @NotNull @Valid AccountRequest to,
        @NotNull BigDecimal amount,
        @NotNull @Pattern(regexp = "[A-Z]{3}", message = "is an ISO 4217 code") String currency,
        @NotNull TransferMode mode) {

    static final String ID = "[A-Za-z0-9._-]{1,64}";
    static final long MOST_MINOR = 1_000_000_000_000L;

    /** An account at a bank. */
    record AccountRequest(
            @NotNull @Pattern(regexp = "[a-z0-9_-]{1,32}", message = "is the name of a bank") String bank,
            @NotNull @Pattern(regexp = ID, message = "has 1 to 64 letters, digits, dots, dashes or underscores") String account) {

        BankAccount at() {
            return new BankAccount(bank, account);
        }
    }

    /**
     * The command for it.
     *
     * @throws ErrorResponseException 400 if it cannot be a transfer
     */
    RequestTransfer toCommand(String id, Set<String> banks) {
        for (String bank : List.of(from.bank(), to.bank())) {
            if (!banks.contains(bank)) {
                throw refused(
                        bank.equals(from.bank()) ? "from.bank" : "to.bank", "there is no bank '" + bank + "' here");
            }
        }
        if (from.equals(to)) {
            throw refused("to", "is the account that it comes from");
        }
        Money money;
        try {
            money = Money.of(amount, currency);
        } catch (IllegalArgumentException e) {
            throw refused("amount", "must be an amount with the decimals of a known currency");
        }
        if (money.minor() < 1 || money.minor() > MOST_MINOR) {
            throw refused("amount", "must be positive, and at most " + MOST_MINOR + " minor units");
        }
        return new RequestTransfer(id, new TransferOrder(id, from.at(), to.at(), money), mode);
    }

    static String decimal(long minor, String currency) {
        return new Money(minor, currency).amount().toPlainString();
    }

    static ErrorResponseException refused(String field, String detail) {
        ProblemDetail problem =
                ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, "The request is not valid; see errors");
        problem.setProperty("errors", List.of(Map.of("field", field, "detail", detail)));
        return new ErrorResponseException(HttpStatus.BAD_REQUEST, problem, null);
    }
}
