package io.farandole.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProviderBookTest {

    private final List<Entry> log = new ArrayList<>();
    private final ProviderBook book = new ProviderBook(log::add);

    @Test
    void authorizesAndCapturesAndRefunds() {
        assertThat(ask(Operation.AUTHORIZE, "a", "tok_ok")).isEqualTo("authorized");
        assertThat(ledger().hanging()).isTrue();
        assertThat(ask(Operation.CAPTURE, "c", null)).isEqualTo("captured");
        assertThat(ask(Operation.REFUND, "r", null)).isEqualTo("refunded");
        assertThat(ledger()).isEqualTo(new LedgerEntry("o-1", "EUR", 990, 990, 0, 990, false, 1, 1, 0, 1));
    }

    @Test
    void answersTheSameKeyAsBeforeWithoutASecondEffect() {
        for (int i = 0; i < 3; i++) {
            assertThat(ask(Operation.AUTHORIZE, "a", "tok_ok")).isEqualTo("authorized");
            assertThat(ask(Operation.CAPTURE, "c", null)).isEqualTo("captured");
        }
        assertThat(ledger().authorizations()).isEqualTo(1);
        assertThat(ledger().captures()).isEqualTo(1);
    }

    @Test
    void refusesAnotherBodyUnderTheSameKey() {
        ask(Operation.AUTHORIZE, "a", "tok_ok");
        assertThat(book.handle(Operation.AUTHORIZE, "a", new ProviderRequest("o-1", 991, "EUR", "tok_ok")))
                .isEqualTo(Answer.CONFLICT);
        assertThat(book.handle(Operation.CAPTURE, "a", new ProviderRequest("o-1", 990, "EUR", null)))
                .isEqualTo(Answer.CONFLICT);
    }

    @Test
    void leavesATombstoneWhenTheVoidComesFirst() {
        assertThat(ask(Operation.VOID, "v", null)).isEqualTo("voided");
        assertThat(ask(Operation.AUTHORIZE, "a", "tok_ok")).isEqualTo("declined:voided");
        assertThat(ledger().hanging()).isFalse();
        assertThat(ledger().voided()).isTrue();
        assertThat(ledger().authorizations()).isZero();
    }

    @Test
    void neitherVoidsWhatWasCapturedNorCapturesWhatWasVoided() {
        ask(Operation.AUTHORIZE, "a", "tok_ok");
        ask(Operation.CAPTURE, "c", null);
        assertThat(ask(Operation.VOID, "v", null)).isEqualTo("declined:already-captured");

        book.handle(Operation.AUTHORIZE, "a2", new ProviderRequest("o-2", 5, "EUR", "tok_ok"));
        book.handle(Operation.VOID, "v2", new ProviderRequest("o-2", 5, "EUR", null));
        Answer capture = book.handle(Operation.CAPTURE, "c2", new ProviderRequest("o-2", 5, "EUR", null));
        assertThat(capture.result()).isEqualTo(Result.refused("voided"));
    }

    @Test
    void doesNotPayBackMoreThanWasTaken() {
        assertThat(ask(Operation.REFUND, "r0", null)).isEqualTo("declined:not-captured");
        ask(Operation.AUTHORIZE, "a", "tok_ok");
        ask(Operation.CAPTURE, "c", null);
        ask(Operation.REFUND, "r", null);
        assertThat(ask(Operation.REFUND, "r2", null)).isEqualTo("declined:exceeds-capture");
        assertThat(ledger().refunded()).isEqualTo(990);
    }

    @Test
    void declinesByToken() {
        assertThat(ask(Operation.AUTHORIZE, "a", "tok_declined")).isEqualTo("declined:declined");
        book.handle(Operation.AUTHORIZE, "b", new ProviderRequest("o-2", 5, "EUR", "tok_capture_fails"));
        assertThat(book.handle(Operation.CAPTURE, "c", new ProviderRequest("o-2", 5, "EUR", null))
                        .result())
                .isEqualTo(Result.refused("capture-refused"));
        assertThat(book.handle(Operation.AUTHORIZE, "d", new ProviderRequest("o-3", 5, "EUR", "4111"))
                        .result())
                .isEqualTo(Result.refused("unknown-token"));
    }

    @Test
    void failsTwiceWhereItIsFlakyAndTheSecondTimeWithAnEffect() {
        assertThat(ask(Operation.AUTHORIZE, "a", "tok_flaky")).isEqualTo("503");
        assertThat(book.find("o-1")).isEmpty();
        assertThat(ask(Operation.AUTHORIZE, "a", "tok_flaky")).isEqualTo("503");
        assertThat(ledger().authorizations()).isEqualTo(1);
        assertThat(ask(Operation.AUTHORIZE, "a", "tok_flaky")).isEqualTo("authorized");
        assertThat(ledger().authorizations()).isEqualTo(1);
    }

    @Test
    void neverAnswersWhereItIsDownAndVoidsAllTheSame() {
        for (int i = 0; i < 5; i++) {
            assertThat(ask(Operation.AUTHORIZE, "a", "tok_down")).isEqualTo("503");
        }
        assertThat(book.find("o-1")).isEmpty();
        assertThat(ask(Operation.VOID, "v", null)).isEqualTo("voided");
    }

    @Test
    void remembersWhatWasLogged() {
        ask(Operation.AUTHORIZE, "a", "tok_capture_fails");
        ask(Operation.VOID, "v", null);

        ProviderBook restarted = new ProviderBook(entry -> {});
        log.forEach(restarted::restore);

        assertThat(restarted.ledger()).isEqualTo(book.ledger());
        Answer again = restarted.handle(Operation.AUTHORIZE, "a", new ProviderRequest("o-1", 990, "EUR", "tok_ok"));
        assertThat(again.result()).isEqualTo(new Result("authorized", null));
        assertThat(log.toString()).doesNotContain("tok_");
    }

    private String ask(Operation operation, String key, @Nullable String token) {
        Answer answer = book.handle(operation, key, new ProviderRequest("o-1", 990, "EUR", token));
        Result result = answer.result();
        return result == null
                ? String.valueOf(answer.status())
                : result.status() + (result.reason() == null ? "" : ":" + result.reason());
    }

    private LedgerEntry ledger() {
        return book.find("o-1").orElseThrow();
    }
}
