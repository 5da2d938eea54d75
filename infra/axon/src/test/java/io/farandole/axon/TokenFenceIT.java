package io.farandole.axon;

import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.eventstore.Journal;
import io.farandole.eventstore.JournalSettings;
import io.farandole.eventstore.JournalTokenStore;
import io.farandole.eventstore.RegistrySerializer;
import io.farandole.testservers.Patience;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.MergedTrackingToken;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TokenFenceIT {

    private Lab lab;
    private Journal journal;

    @BeforeEach
    void open() {
        lab = new Lab("fence");
        journal = new Journal(lab.pool(), JournalSettings.of("lab"));
    }

    @AfterEach
    void close() {
        journal.close();
        lab.close();
    }

    @Test
    void theTokenOfABatchIsNotStoredOverOneThatHasGotAsFar() {
        JournalTokenStore tokens = owner("a");
        tokens.initializeTokenSegments("p", 1, at(10));
        tokens.fetchToken("p", Segment.ROOT_SEGMENT);
        tokens.storeToken(at(15), "p", Segment.ROOT_SEGMENT, 11);
        assertThatThrownBy(() -> tokens.storeToken(at(20), "p", Segment.ROOT_SEGMENT, 11))
                .isInstanceOf(UnableToClaimTokenException.class);
        assertThatThrownBy(() -> tokens.storeToken(at(20), "p", Segment.ROOT_SEGMENT, 15))
                .isInstanceOf(UnableToClaimTokenException.class);
        assertThat(tokens.fetchToken("p", Segment.ROOT_SEGMENT)).isEqualTo(at(15));
        tokens.storeToken(at(20), "p", Segment.ROOT_SEGMENT, 16);
        assertThat(tokens.fetchToken("p", 0)).isEqualTo(at(20));
    }

    @Test
    void aTokenIsNotStoredWithoutAClaimEvenIfNobodyHasOne() {
        JournalTokenStore late = owner("late");
        JournalTokenStore other = owner("other");
        late.initializeTokenSegments("p", 1, at(10));
        late.fetchToken("p", 0);
        lab.jdbc().update("update farandole.token_entry set owner = null");
        other.fetchToken("p", 0);
        other.storeToken(at(15), "p", 0);
        other.releaseClaim("p", 0);
        assertThatThrownBy(() -> late.storeToken(at(12), "p", 0)).isInstanceOf(UnableToClaimTokenException.class);
        assertThat(late.fetchToken("p", 0)).isEqualTo(at(15));
    }

    @Test
    void aSegmentIsNotClaimedAsWideAsItWasBeforeASplit() {
        JournalTokenStore tokens = owner("a");
        tokens.initializeTokenSegments("p", 2, at(10));
        Segment before = tokens.fetchAvailableSegments("p").get(0);
        assertThat(tokens.fetchToken("p", before)).isEqualTo(at(10));
        tokens.initializeSegment(at(10), "p", before.splitSegmentId());
        assertThatThrownBy(() -> tokens.fetchToken("p", before)).isInstanceOf(UnableToClaimTokenException.class);
        assertThat(tokens.fetchToken("p", tokens.fetchAvailableSegments("p").get(0)))
                .isEqualTo(at(10));
    }

    @Test
    void aSegmentIsNotClaimedAsNarrowAsItWasBeforeAMerge() {
        JournalTokenStore tokens = owner("a");
        tokens.initializeTokenSegments("p", 2, at(10));
        Segment before = tokens.fetchAvailableSegments("p").get(0);
        tokens.fetchToken("p", 0);
        tokens.fetchToken("p", 1);
        tokens.deleteToken("p", 1);
        assertThatThrownBy(() -> tokens.fetchToken("p", before)).isInstanceOf(UnableToClaimTokenException.class);
        assertThat(tokens.fetchToken("p", Segment.ROOT_SEGMENT)).isEqualTo(at(10));
    }

    /** It would move the token past events of the other half, which nobody would handle. */
    @Test
    void aLateWorkerDoesNotMoveTheTokenOfASegmentThatWasMergedMeanwhile() {
        JournalTokenStore tokens = owner("a");
        tokens.initializeTokenSegments("p", 2, at(10));
        Segment half = Segment.ROOT_SEGMENT.split()[0];
        tokens.fetchToken("p", half);
        tokens.fetchToken("p", 1);
        tokens.deleteToken("p", 1);
        tokens.storeToken(at(10), "p", 0);
        tokens.releaseClaim("p", 0);
        assertLate(tokens, half);
        assertThatThrownBy(() -> tokens.fetchToken("p", half)).isInstanceOf(UnableToClaimTokenException.class);

        tokens.fetchToken("p", Segment.ROOT_SEGMENT);
        assertLate(tokens, half);
        tokens.storeToken(at(15), "p", Segment.ROOT_SEGMENT, 11);
        assertThat(tokens.fetchToken("p", 0)).isEqualTo(at(15));
    }

    /** What it handled would be handled again: the merge has read the tokens, and stores what it makes of them. */
    @Test
    void aLateWorkerDoesNotMoveATokenThatAMergeHasRead() {
        JournalTokenStore tokens = owner("a");
        tokens.initializeTokenSegments("p", 2, at(10));
        Segment half = Segment.ROOT_SEGMENT.split()[0];
        tokens.fetchToken("p", half);
        TrackingToken read = tokens.fetchToken("p", 0);
        tokens.fetchToken("p", 1);
        assertLate(tokens, half);

        tokens.deleteToken("p", 1);
        tokens.storeToken(read, "p", 0);
        tokens.releaseClaim("p", 0);
        assertThat(tokens.fetchToken("p", Segment.ROOT_SEGMENT)).isEqualTo(at(10));
        tokens.storeToken(at(15), "p", Segment.ROOT_SEGMENT, 11);
    }

    /** As a worker does that has met nothing to handle for a while; a late one would move the token of a segment merged since. */
    @Test
    void aWorkerMovesNoTokenWithoutABatch() {
        JournalTokenStore tokens = owner("a");
        TokenStore ofBatches = new BatchTokens(tokens);
        tokens.initializeTokenSegments("p", 1, at(10));
        tokens.fetchToken("p", Segment.ROOT_SEGMENT);
        lab.jdbc().update("update farandole.token_entry set claimed_at = claimed_at - interval '1 minute'");
        ofBatches.storeToken(at(15), "p", 0);
        assertThat(lab.jdbc().queryForObject("select position from farandole.token_entry", Long.class))
                .isEqualTo(10);
        assertThatThrownBy(() -> owner("other").fetchToken("p", 0))
                .as("the claim was extended")
                .isInstanceOf(UnableToClaimTokenException.class);
        assertThatThrownBy(() -> new BatchTokens(owner("other")).storeToken(at(15), "p", 0))
                .isInstanceOf(UnableToClaimTokenException.class);

        tokens.fetchToken("p", 0);
        ofBatches.storeToken(at(15), "p", 0);
        assertThat(tokens.fetchToken("p", 0)).as("merges and resets do").isEqualTo(at(15));
    }

    @Test
    void segmentsThatHandleNothingStoreHowFarTheyHaveCome() {
        Instance instance = lab.instance("one")
                .settings(Instance.QUICK.withSegments(4))
                .processor("p", (event, jdbc) -> {})
                .start();
        int number = 0;
        for (int i = 0; i < 10; i++) {
            instance.publish(List.of(new Ticked("a", ++number)));
        }
        long reached = journal.head();
        int[] published = {number};
        await().pollInterval(Duration.ofMillis(100)).until(() -> {
            instance.publish(List.of(new Ticked("a", ++published[0])));
            Long least = lab.jdbc()
                    .queryForObject(
                            "select min(coalesce(position, 0)) from farandole.token_entry where processor = 'p'",
                            Long.class);
            return least != null && least >= reached;
        });
        int all = published[0];
        await().until(() -> lab.effects("p", "a").size() == all);
        assertThat(lab.effects("p", "a"))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, all).boxed().toList());
    }

    @Test
    void aWorkerGoesOnWithASegmentThatAMergeHasClaimedInVain() {
        JournalTokenStore tokens = owner("a");
        tokens.initializeTokenSegments("p", 2, at(10));
        Segment half = Segment.ROOT_SEGMENT.split()[0];
        tokens.fetchToken("p", 0);
        tokens.fetchToken("p", half);
        tokens.storeToken(at(15), "p", half, 11);
        assertThat(tokens.fetchToken("p", half)).isEqualTo(at(15));
    }

    /** It would handle events of the half that was split off, which are handled there again. */
    @Test
    void aLateWorkerDoesNotMoveTheTokenOfASegmentThatWasSplitMeanwhile() {
        JournalTokenStore tokens = owner("a");
        tokens.initializeTokenSegments("p", 1, at(10));
        Segment half = Segment.ROOT_SEGMENT.split()[0];
        tokens.fetchToken("p", Segment.ROOT_SEGMENT);
        tokens.initializeSegment(at(10), "p", 1);
        tokens.releaseClaim("p", 0);
        assertLate(tokens, Segment.ROOT_SEGMENT);

        tokens.fetchToken("p", half);
        assertLate(tokens, Segment.ROOT_SEGMENT);
        tokens.storeToken(at(15), "p", half, 11);
        assertThat(tokens.fetchToken("p", 0)).isEqualTo(at(15));
    }

    @Test
    void aSegmentThatAnInstanceOfTheVersionBeforeHasClaimedIsAsWideAsTheWorkerThinks() {
        JournalTokenStore tokens = owner("a");
        tokens.initializeTokenSegments("p", 1, at(10));
        tokens.fetchToken("p", Segment.ROOT_SEGMENT);
        lab.jdbc().update("update farandole.token_entry set mask = null");
        tokens.storeToken(at(15), "p", Segment.ROOT_SEGMENT, 11);
        assertThat(tokens.fetchToken("p", 0)).isEqualTo(at(15));
    }

    /** Otherwise the lower one would take what was said of both for its own halves: one handles events again, the other leaves some out. */
    @Test
    void aSplitGivesEachHalfOfAMergeWhatItHasHandled() {
        JournalTokenStore tokens = owner("a");
        TrackingToken apart = MergedTrackingToken.merged(at(20), at(12));
        tokens.initializeTokenSegments("p", 1, MergedTrackingToken.merged(apart, at(8)));
        tokens.fetchToken("p", 0);
        tokens.initializeSegment(at(8), "p", 1);
        assertThat(tokens.fetchToken("p", 1)).isEqualTo(at(8));
        assertThat(tokens.fetchToken("p", 0)).isEqualTo(apart);
        tokens.initializeSegment(at(12), "p", 2);
        assertThat(tokens.fetchToken("p", 2)).isEqualTo(at(12));
        assertThat(tokens.fetchToken("p", 0)).isEqualTo(at(20));
    }

    @Test
    void aSplitOfASegmentThatIsNoMoreIsRefused() {
        JournalTokenStore tokens = owner("a");
        tokens.initializeTokenSegments("p", 2, at(10));
        tokens.fetchToken("p", 0);
        tokens.fetchToken("p", 1);
        tokens.deleteToken("p", 1);
        assertThatThrownBy(() -> tokens.initializeSegment(at(10), "p", 2))
                .isInstanceOf(UnableToClaimTokenException.class);
        assertThat(tokens.fetchSegments("p")).containsExactly(0);
    }

    /** The merge has read at(10) twice, and waited for a worker; another one of this instance has come and gone meanwhile. */
    @Test
    void aMergeTakesTheTokensAsTheyAreNow() {
        JournalTokenStore tokens = owner("a");
        tokens.initializeTokenSegments("p", 2, at(10));
        TrackingToken read = tokens.fetchToken("p", 0);
        tokens.fetchToken("p", 1);
        Segment[] halves = Segment.ROOT_SEGMENT.split();
        tokens.fetchToken("p", halves[0]);
        tokens.storeToken(at(15), "p", halves[0], 11);
        tokens.fetchToken("p", halves[1]);
        tokens.storeToken(at(12), "p", halves[1], 11);

        tokens.deleteToken("p", 1);
        new BatchTokens(tokens).storeToken(read, "p", 0);
        assertLate(tokens, halves[0]);
        tokens.releaseClaim("p", 0);
        assertThat(tokens.fetchToken("p", Segment.ROOT_SEGMENT)).isEqualTo(MergedTrackingToken.merged(at(15), at(12)));
        tokens.storeToken(at(20), "p", Segment.ROOT_SEGMENT, 13);
    }

    @Test
    void aMergeWithASegmentThatAnotherInstanceHasTakenIsRefused() {
        JournalTokenStore tokens = owner("a");
        tokens.initializeTokenSegments("p", 2, at(10));
        tokens.fetchToken("p", 0);
        tokens.fetchToken("p", 1);
        lab.jdbc().update("update farandole.token_entry set owner = 'b' where segment = 0");
        assertThatThrownBy(() -> tokens.deleteToken("p", 1)).isInstanceOf(UnableToClaimTokenException.class);
        assertThat(tokens.fetchSegments("p")).containsExactly(0, 1);
    }

    /** Half 0 is at the end when the two are merged, half 1 has handled nothing; they are split again before they have met. */
    @Test
    void aSegmentThatIsSplitWhileTheHalvesOfItsMergeAreApartHandlesEachEventOnce() throws Exception {
        Instance publisher =
                lab.instance("publisher").processor("q", (event, jdbc) -> {}).start();
        List<String> keys = IntStream.range(0, 16).mapToObj(i -> "k-" + i).toList();
        for (int number = 1; number <= 3; number++) {
            publishEach(publisher, keys, number);
        }
        owner("test").initializeTokenSegments("p", 1, MergedTrackingToken.merged(at(journal.head()), at(0)));

        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Instance worker = lab.instance("worker")
                .settings(Instance.QUICK.withSegments(1).withBatchSize(1))
                .processor("p", (event, jdbc) -> {
                    begun.countDown();
                    assertThat(goOn.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
                })
                .start();
        assertThat(begun.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Boolean> split = worker.processor("p").splitSegment(0);
        goOn.countDown();
        assertThat(split.get(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        publishEach(publisher, keys, 4);

        await().until(() -> keys.stream().allMatch(key -> lab.effects("p", key).contains(4)));
        Segment lower = Segment.ROOT_SEGMENT.split()[0];
        for (String key : keys) {
            assertThat(lab.effects("p", key))
                    .as(key)
                    .isEqualTo(lower.matches((Object) key) ? List.of(4) : List.of(1, 2, 3, 4));
        }
    }

    private static void publishEach(Instance publisher, List<String> keys, int number) {
        publisher.publish(keys.stream().map(key -> new Ticked(key, number)).toList());
    }

    private static void assertLate(JournalTokenStore tokens, Segment segment) {
        assertThatThrownBy(() -> tokens.storeToken(at(15), "p", segment, 11))
                .isInstanceOf(UnableToClaimTokenException.class);
        assertThat(tokens.fetchSegments("p")).contains(0);
    }

    /** Half 0 was at the end when it was merged with half 1, which had handled nothing. */
    @Test
    void aMergedSegmentHandlesWhatItsHalvesHaveNotHandled() {
        Instance publisher =
                lab.instance("publisher").processor("q", (event, jdbc) -> {}).start();
        for (int number = 1; number <= 3; number++) {
            publisher.publish(List.of(new Ticked("a", number), new Ticked("b", number), new Ticked("c", number)));
        }
        long head = journal.head();
        JournalTokenStore tokens = owner("test");
        tokens.initializeTokenSegments("p", 1, MergedTrackingToken.merged(at(head), at(0)));

        lab.instance("worker").processor("p", (event, jdbc) -> {}).start();
        publisher.publish(List.of(new Ticked("a", 4), new Ticked("b", 4), new Ticked("c", 4)));

        Segment lower = Segment.ROOT_SEGMENT.split()[0];
        await().until(() -> lab.effects("p").values().stream()
                        .filter(done -> done.contains(4))
                        .count()
                == 3);
        assertThat(lower.matches((Object) "b")).isTrue();
        assertThat(lab.effects("p", "b")).containsExactly(4);
        assertThat(lower.matches((Object) "a") || lower.matches((Object) "c")).isFalse();
        assertThat(lab.effects("p", "a")).containsExactly(1, 2, 3, 4);
        assertThat(lab.effects("p", "c")).containsExactly(1, 2, 3, 4);
    }

    private JournalTokenStore owner(String name) {
        return new JournalTokenStore(journal, RegistrySerializer.of(Instance.TYPES), Duration.ofSeconds(10), name);
    }

    private static TrackingToken at(long position) {
        return new GlobalSequenceTrackingToken(position);
    }
}
