package io.farandole.axon;

import static io.farandole.axon.Instance.QUICK;
import static io.farandole.axon.Instance.ticks;
import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Retries of many processes at once. */
class GroupRetriesIT {

    private static final int MEMBERS = 40;

    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    private Lab lab;

    @BeforeEach
    void open() {
        lab = new Lab("groups");
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void retriesEveryMemberOnceAndTellsHowFarItIs() {
        Instance instance = startWithParked("a");
        failing.removeIf(key -> !key.endsWith("7"));
        FailureGroup group = instance.parked().groups("p", 10).get(0);
        assertThat(group.parked()).isEqualTo(MEMBERS);

        GroupRetry started = instance.parked()
                .retryGroup(new GroupRetryRequest("p", group.fingerprint(), 1_000, 1_000, "anna", "up"));

        assertThat(started.state()).isEqualTo(GroupRetry.State.RUNNING);
        await().until(() -> {
            GroupRetry now = find(instance, started);
            return now.state() == GroupRetry.State.DONE && now.resolved() + now.failedAgain() == MEMBERS;
        });
        await().until(() -> instance.parked().count().parked() == 4);
        GroupRetry done = find(instance, started);
        assertThat(done.requested()).isEqualTo(MEMBERS);
        assertThat(done.resolved()).isEqualTo(MEMBERS - 4);
        assertThat(done.failedAgain()).isEqualTo(4);
        assertThat(done.remaining()).isZero();
        assertThat(done.endedAt()).isNotNull();
        assertThat(done.toString()).doesNotContain("anna");
        for (int member = 0; member < MEMBERS; member++) {
            assertThat(instance.parked().decisions("p", "k-" + member))
                    .singleElement()
                    .satisfies(decision -> {
                        assertThat(decision.groupId()).isEqualTo(started.id());
                        assertThat(decision.by()).isEqualTo("anna");
                        assertThat(decision.decision()).isEqualTo(Decision.RETRY);
                    });
        }
        assertThat(lab.jdbc()
                        .queryForObject(
                                "select count(*) from farandole.journal where payload_type = 'farandole.intervention-decided'"
                                        + " and payload::json ->> 'groupId' = ?",
                                Integer.class,
                                started.id()))
                .isEqualTo(MEMBERS);
        assertThat(instance.parked().groupRetries(5)).extracting(GroupRetry::id).containsExactly(started.id());
    }

    @Test
    void retriesTheFirstOnesOnlyIfToldSo() {
        Instance instance = startWithParked("a");
        failing.clear();
        List<String> oldest = instance.parked().list(ParkedQuery.ALL.withLimit(5)).processes().stream()
                .map(ParkedProcess::processKey)
                .toList();
        GroupRetry started = instance.parked().retryGroup(new GroupRetryRequest("p", null, 5, 100, "anna", "try some"));
        await().until(() -> find(instance, started).resolved() == 5
                && find(instance, started).state() == GroupRetry.State.DONE);
        assertThat(instance.parked().count().parked()).isEqualTo(MEMBERS - 5);
        assertThat(oldest).allSatisfy(key -> assertThat(instance.parked().decisions("p", key))
                .hasSize(1));
    }

    @Test
    void keepsToItsRateAndStopsWhenCancelled() {
        Instance instance = startWithParked("a");
        failing.clear();
        GroupRetryRequest slowly = new GroupRetryRequest("p", null, 1_000, 10, "anna", "slowly");
        GroupRetry started = instance.parked().retryGroup(slowly);
        assertThat(instance.parked().retryGroup(slowly).id()).isEqualTo(started.id());
        await().until(() -> find(instance, started).requested() >= 15);

        GroupRetry cancelled = instance.parked()
                .cancelGroupRetry(started.id(), "bert", "enough")
                .orElseThrow();

        assertThat(cancelled.state()).isEqualTo(GroupRetry.State.CANCELLED);
        assertThat(cancelled.requested()).isBetween(15L, (long) MEMBERS - 1);
        await().until(() -> find(instance, started).resolved() == cancelled.requested());
        assertThat(find(instance, started).requested()).isEqualTo(cancelled.requested());
        assertThat(instance.parked().count().parked()).isEqualTo(MEMBERS - cancelled.requested());
        // Never more than ten and one turn of two within a second.
        assertThat(lab.jdbc()
                        .queryForObject(
                                "select max(n) from (select count(*) over (order by decided_at"
                                        + " range between interval '1 second' preceding and current row) as n"
                                        + " from farandole.parked_decision where group_id = ?) w",
                                Integer.class,
                                started.id()))
                .isLessThanOrEqualTo(12);
        assertThat(instance.parked().cancelGroupRetry("none", "bert", "enough")).isEmpty();
    }

    @Test
    void anotherInstanceGoesOnWhereAKilledOneWas() {
        Instance first = startWithParked("a");
        failing.clear();
        GroupRetry started = first.parked().retryGroup(new GroupRetryRequest("p", null, 1_000, 20, "anna", "go on"));
        await().until(() -> find(first, started).requested() >= 8);
        first.kill();

        Instance second = start("b");
        await().until(() -> find(second, started).resolved() == MEMBERS);
        await().until(() -> find(second, started).state() == GroupRetry.State.DONE);
        await().until(() -> second.parked().count().waitingEvents() == 0);
        assertThat(lab.effects("p")).hasSize(MEMBERS).allSatisfy((key, done) -> assertThat(done)
                .containsExactly(1, 2));
        for (int member = 0; member < MEMBERS; member++) {
            assertThat(second.parked().decisions("p", "k-" + member)).hasSize(1);
        }
    }

    @Test
    void twoInstancesShareTheWorkAndRequestNothingTwice() {
        Instance first = startWithParked("a");
        start("b");
        failing.clear();
        GroupRetry started = first.parked().retryGroup(new GroupRetryRequest("p", null, 1_000, 200, "anna", "both"));
        await().until(() -> find(first, started).resolved() == MEMBERS);
        await().until(() -> find(first, started).state() == GroupRetry.State.DONE);
        assertThat(find(first, started).requested()).isEqualTo(MEMBERS);
        assertThat(lab.jdbc().queryForObject("select count(*) from farandole.parked_decision", Integer.class))
                .isEqualTo(MEMBERS);
    }

    @Test
    void endsAtOnceWhereNothingIsParked() {
        Instance instance = start("a");
        GroupRetry started = instance.parked().retryGroup(new GroupRetryRequest(null, "none", 10, 10, "anna", "up"));
        await().until(() -> find(instance, started).state() == GroupRetry.State.DONE);
        assertThat(find(instance, started).requested()).isZero();
    }

    private static GroupRetry find(Instance instance, GroupRetry started) {
        return instance.parked().groupRetry(started.id()).orElseThrow();
    }

    private Instance start(String name) {
        return lab.instance(name)
                // All that there is fails: with a brake it would be taken for an outage.
                .settings(QUICK.withBrake(0, Duration.ofSeconds(1)))
                .processor("p", (event, jdbc) -> {
                    if (failing.contains(event.key())) {
                        throw new IllegalStateException("no luck with " + event.key());
                    }
                })
                .start();
    }

    private Instance startWithParked(String name) {
        Instance instance = start(name);
        IntStream.range(0, MEMBERS).forEach(member -> {
            failing.add("k-" + member);
            instance.publish(ticks("k-" + member, 1, 2));
        });
        await().until(() -> instance.parked().count().equals(new ParkedProcesses.Counts(0, MEMBERS, 2L * MEMBERS)));
        return instance;
    }
}
