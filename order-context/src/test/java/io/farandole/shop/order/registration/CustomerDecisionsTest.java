package io.farandole.shop.order.registration;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.messaging.Personal;
import io.farandole.shop.order.registration.CustomerCommand.CorrectEmail;
import io.farandole.shop.order.registration.CustomerCommand.RecordMailOutcome;
import io.farandole.shop.order.registration.CustomerCommand.ReviewFailure;
import io.farandole.shop.order.registration.CustomerEvent.EmailCorrected;
import io.farandole.shop.order.registration.CustomerEvent.WelcomeMailDropped;
import io.farandole.shop.order.registration.CustomerEvent.WelcomeMailFailed;
import io.farandole.shop.order.registration.CustomerEvent.WelcomeMailRequested;
import io.farandole.shop.order.registration.CustomerEvent.WelcomeMailSent;
import io.farandole.shop.order.registration.MailOutcome.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CustomerDecisionsTest {

    private static final Personal NEW = Personal.parse("new");
    private static final CorrectEmail CORRECT = new CorrectEmail("c-1", new EmailDigest("d"), NEW);
    private static final CustomerFacts PENDING = new CustomerFacts("c-1", MailState.PENDING, 2, false);
    private static final CustomerFacts SENT = new CustomerFacts("c-1", MailState.SENT, 2, false);
    private static final CustomerFacts FAILED = new CustomerFacts("c-1", MailState.FAILED, 2, false);
    private static final CustomerFacts ERASED = new CustomerFacts("c-1", MailState.FAILED, 2, true);

    @Test
    void theOutcomeOfTheLatestRoundIsRecorded() {
        assertThat(record(PENDING, 2, Kind.SENT)).containsExactly(new WelcomeMailSent("c-1", 2, "text"));
        assertThat(record(PENDING, 2, Kind.ADDRESS_REFUSED))
                .containsExactly(new WelcomeMailFailed("c-1", 2, Kind.ADDRESS_REFUSED, "text"));
        assertThat(record(PENDING, 2, Kind.NOT_TAKEN))
                .containsExactly(new WelcomeMailFailed("c-1", 2, Kind.NOT_TAKEN, "text"));
        assertThat(record(PENDING, 2, Kind.ERASED)).containsExactly(new WelcomeMailDropped("c-1", 2));
        assertThat(record(PENDING, 2, Kind.OVERTAKEN)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void whatIsHeardOfARoundThatIsOverChangesNothing(Kind kind) {
        assertThat(record(PENDING, 1, kind)).isEmpty();
        assertThat(record(SENT, 2, kind)).isEmpty();
        assertThat(record(FAILED, 2, kind)).isEmpty();
        assertThat(record(ERASED, 2, kind)).isEmpty();
    }

    @Test
    void aCorrectedAddressBeginsAnotherRoundWhereTheMailHasFailed() {
        EmailCorrected corrected = new EmailCorrected("c-1", NEW);
        assertThat(CustomerDecisions.correct(FAILED, CORRECT))
                .containsExactly(corrected, new WelcomeMailRequested("c-1", 3));
        assertThat(CustomerDecisions.correct(PENDING, CORRECT)).containsExactly(corrected);
        assertThat(CustomerDecisions.correct(SENT, CORRECT)).containsExactly(corrected);
        assertThat(CustomerDecisions.correct(ERASED, CORRECT)).containsExactly(corrected);
    }

    @Test
    void aFailureIsToBeDecidedUntilAnotherRoundHasBegun() {
        assertThat(CustomerDecisions.isToBeDecided(FAILED, 2)).isTrue();
        assertThat(CustomerDecisions.isToBeDecided(FAILED, 1)).isFalse();
        assertThat(CustomerDecisions.isToBeDecided(PENDING, 2)).isFalse();
        assertThat(CustomerDecisions.isToBeDecided(ERASED, 2)).isFalse();
        assertThat(CustomerDecisions.review(FAILED, new ReviewFailure("c-1", 2, true)))
                .containsExactly(new WelcomeMailRequested("c-1", 3));
        assertThat(CustomerDecisions.review(FAILED, new ReviewFailure("c-1", 2, false)))
                .isEmpty();
        assertThat(CustomerDecisions.review(PENDING, new ReviewFailure("c-1", 2, true)))
                .isEmpty();
    }

    private static List<CustomerEvent> record(CustomerFacts customer, int round, Kind kind) {
        return CustomerDecisions.record(customer, new RecordMailOutcome("c-1", round, new MailOutcome(kind, "text")));
    }
}
