package io.farandole.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.testservers.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.axonframework.eventhandling.tokenstore.UnableToInitializeTokenException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The behaviour that Axon's JDBC token store promises, and its processors rely on. */
class JournalTokenStoreIT {

    private static final TrackingToken FIVE = new GlobalSequenceTrackingToken(5);

    private static JournalDatabase database;
    private JournalTokenStore mine;
    private JournalTokenStore other;
    private JournalTokenStore impatient;

    @BeforeAll
    static void open() {
        database = JournalDatabase.create("tokens");
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void begin() {
        database.empty();
        mine = store(Duration.ofSeconds(10), "mine");
        other = store(Duration.ofSeconds(10), "other");
        impatient = store(Duration.ofMillis(-1), "impatient");
    }

    private static JournalTokenStore store(Duration timeout, String owner) {
        Journal journal = new Journal(database.pool(), JournalSettings.of("order"));
        return new JournalTokenStore(journal, RegistrySerializer.of(Sample.types()), timeout, owner);
    }

    @Test
    void initializesSegmentsOnce() {
        mine.initializeTokenSegments("p", 3, FIVE);

        assertThat(mine.fetchSegments("p")).containsExactly(0, 1, 2);
        assertThat(mine.fetchSegments("q")).isEmpty();
        assertThat(mine.fetchToken("p", 1)).isEqualTo(FIVE);
        assertThatThrownBy(() -> other.initializeTokenSegments("p", 3)).isInstanceOf(UnableToClaimTokenException.class);
        assertThat(mine.requiresExplicitSegmentInitialization()).isTrue();
    }

    @Test
    void initializesOneSegmentMore() {
        mine.initializeTokenSegments("p", 1);
        mine.fetchToken("p", 0);
        mine.initializeSegment(FIVE, "p", 1);

        assertThat(other.fetchToken("p", 1)).isEqualTo(FIVE);
        assertThat(mine.fetchToken("p", 0)).isNull();
        assertThatThrownBy(() -> mine.initializeSegment(FIVE, "p", 1))
                .isInstanceOf(UnableToInitializeTokenException.class);
    }

    @Test
    void letsOneInstanceClaimASegment() {
        mine.initializeTokenSegments("p", 2);
        mine.fetchToken("p", 0);

        assertThatThrownBy(() -> other.fetchToken("p", 0))
                .isInstanceOf(UnableToClaimTokenException.class)
                .hasMessageContaining("Segment 0 of processor p");
        assertThat(other.fetchAvailableSegments("p"))
                .extracting(Segment::getSegmentId)
                .containsExactly(1);
        assertThat(mine.fetchAvailableSegments("p"))
                .extracting(Segment::getSegmentId)
                .containsExactly(0, 1);
        assertThatThrownBy(() -> other.storeToken(FIVE, "p", 0)).isInstanceOf(UnableToClaimTokenException.class);
        assertThatThrownBy(() -> mine.storeToken(FIVE, "p", 1))
                .as("not claimed by anybody, and so not by this instance")
                .isInstanceOf(UnableToClaimTokenException.class);
        assertThatThrownBy(() -> other.extendClaim("p", 0)).isInstanceOf(UnableToClaimTokenException.class);
        assertThatThrownBy(() -> other.deleteToken("p", 0)).isInstanceOf(UnableToClaimTokenException.class);

        other.releaseClaim("p", 0);
        assertThatThrownBy(() -> other.fetchToken("p", 0)).isInstanceOf(UnableToClaimTokenException.class);
        mine.releaseClaim("p", 0);
        assertThat(other.fetchToken("p", 0)).isNull();
    }

    @Test
    void takesOverAClaimThatWasNotRenewed() {
        mine.initializeTokenSegments("p", 1);
        mine.fetchToken("p", 0);
        mine.storeToken(FIVE, "p", 0);

        assertThat(impatient.fetchAvailableSegments("p")).hasSize(1);
        assertThat(impatient.fetchToken("p", 0)).isEqualTo(FIVE);

        assertThatThrownBy(() -> mine.storeToken(new GlobalSequenceTrackingToken(6), "p", 0))
                .as("the late instance must not move the token")
                .isInstanceOf(UnableToClaimTokenException.class);
        assertThatThrownBy(() -> mine.extendClaim("p", 0)).isInstanceOf(UnableToClaimTokenException.class);
    }

    @Test
    void storesTokensReadably() {
        mine.initializeTokenSegments("p", 1);
        mine.fetchToken("p", 0);
        mine.storeToken(FIVE, "p", 0);
        assertThat(database.number("select position from farandole.token_entry where processor = 'p'"))
                .isEqualTo(5);

        TrackingToken replay = ReplayToken.createReplayToken(new GlobalSequenceTrackingToken(9), FIVE, "because");
        mine.storeToken(replay, "p", 0);
        assertThat(mine.fetchToken("p", 0)).isEqualTo(replay);
        mine.storeToken(null, "p", 0);
        assertThat(mine.fetchToken("p", 0)).isNull();
    }

    @Test
    void mergesWhatItHasClaimed() {
        mine.initializeTokenSegments("p", 2);
        mine.fetchToken("p", 1);
        assertThatThrownBy(() -> mine.deleteToken("p", 1))
                .as("the other half is not claimed")
                .isInstanceOf(UnableToClaimTokenException.class);
        assertThatThrownBy(() -> mine.deleteToken("p", 0))
                .as("the lower half is the one that stays")
                .isInstanceOf(UnableToClaimTokenException.class);
        mine.fetchToken("p", 0);
        mine.deleteToken("p", 1);

        assertThat(mine.fetchSegments("p")).containsExactly(0);
        assertThatThrownBy(() -> mine.fetchToken("p", 1)).isInstanceOf(UnableToClaimTokenException.class);
    }

    @Test
    void commitsTheTokenWithTheTransaction() {
        mine.initializeTokenSegments("p", 1);
        mine.fetchToken("p", 0);
        new TransactionTemplate(new DataSourceTransactionManager(database.pool())).executeWithoutResult(status -> {
            mine.storeToken(FIVE, "p", 0);
            status.setRollbackOnly();
        });

        assertThat(mine.fetchToken("p", 0)).isNull();
    }

    @Test
    void letsOneOfManyConcurrentInstancesClaim() throws Exception {
        mine.initializeTokenSegments("p", 1);
        CyclicBarrier barrier = new CyclicBarrier(6);
        ExecutorService threads = Executors.newFixedThreadPool(6);
        int claimed = 0;
        try {
            List<Future<Boolean>> results = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                JournalTokenStore instance = store(Duration.ofSeconds(10), "instance-" + i);
                results.add(threads.submit(() -> {
                    barrier.await(Patience.SECONDS, TimeUnit.SECONDS);
                    try {
                        instance.fetchToken("p", 0);
                        return true;
                    } catch (UnableToClaimTokenException e) {
                        return false;
                    }
                }));
            }
            for (Future<Boolean> result : results) {
                claimed += result.get(Patience.SECONDS, TimeUnit.SECONDS) ? 1 : 0;
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(claimed).isEqualTo(1);
    }

    @Test
    void identifiesTheDatabase() {
        assertThat(mine.retrieveStorageIdentifier()).isPresent().isEqualTo(other.retrieveStorageIdentifier());
    }
}
