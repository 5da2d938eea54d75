package io.farandole.participant;

import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.farandole.testservers.Patience;
import io.farandole.testservers.PostgresProxy;
import io.farandole.testservers.PostgresProxy.CommitFault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** Killed at each point, and with the answer to COMMIT lost: whoever repeats the call gets one effect. */
class BranchCrashIT {

    private static final byte[] REQUEST = "{}".getBytes(StandardCharsets.UTF_8);

    private static Ledger ledger;

    @BeforeAll
    static void open() {
        ledger = new Ledger();
    }

    @AfterAll
    static void close() {
        ledger.close();
    }

    @ParameterizedTest
    @CsvSource({"before, 0:0", "effect, 0:0", "answer, 1:100"})
    void commitsOnceAlthoughItIsKilled(String point, String afterwards) throws Exception {
        Branch branch = Ledger.branch("killed", point);
        assertThat(run("commit", point, branch)).isEqualTo(137);
        awaitEffects(branch, afterwards);
        assertThat(run("commit", "never", branch)).isZero();
        assertThat(ledger.effects(branch)).isEqualTo("1:100");
    }

    @ParameterizedTest
    @CsvSource({"before, 1:100", "effect, 1:100", "answer, 2:0"})
    void compensatesOnceAlthoughItIsKilled(String point, String afterwards) throws Exception {
        Branch branch = Ledger.branch("killed-undoing", point);
        commit(ledger.barrier, branch);
        assertThat(run("compensate", point, branch)).isEqualTo(137);
        awaitEffects(branch, afterwards);
        assertThat(run("compensate", "never", branch)).isZero();
        assertThat(ledger.effects(branch)).isEqualTo("2:0");
        assertThat(commit(ledger.barrier, branch).reason()).isEqualTo(Answer.COMPENSATED_BEFORE);
    }

    @ParameterizedTest
    @EnumSource(
            value = CommitFault.class,
            names = {"ANSWER_LOST", "NEVER_ARRIVES"})
    void hasOneEffectWhateverHappensToTheCommitItself(CommitFault fault) throws Exception {
        Branch branch = Ledger.branch("lost", fault.name());
        try (PostgresProxy proxy = PostgresProxy.to(ledger.database.server());
                HikariDataSource pool = ledger.database.appPool(2, proxy.url(ledger.database))) {
            BranchBarrier barrier = new BranchBarrier(pool, new JdbcTransactionManager(pool));
            JdbcTemplate jdbc = new JdbcTemplate(pool);
            Action effect = () -> {
                jdbc.update("insert into effect values (?, ?, 100)", branch.globalId(), branch.branchId());
                return Answer.done();
            };
            proxy.onCommitAfter("update participant_branch", fault);
            assertThatThrownBy(() -> barrier.commit(branch, REQUEST, effect)).isInstanceOf(RuntimeException.class);
            assertThat(proxy.struck()).isEqualTo(1);
            assertThat(barrier.commit(branch, REQUEST, effect).verdict()).isEqualTo(Answer.Verdict.DONE);
        }
        assertThat(ledger.effects(branch)).isEqualTo("1:100");
    }

    @Test
    void leavesNoRowOfADeadServiceLocked() throws Exception {
        Branch branch = Ledger.branch("killed", "lock");
        assertThat(run("commit", "effect", branch)).isEqualTo(137);
        // Before PostgreSQL has noticed, the second waits; once it has, it is the first.
        assertThat(commit(ledger.barrier, branch).verdict()).isEqualTo(Answer.Verdict.DONE);
        assertThat(ledger.effects(branch)).isEqualTo("1:100");
    }

    private static Answer commit(BranchBarrier barrier, Branch branch) throws Exception {
        return barrier.commit(branch, REQUEST, () -> {
            ledger.book(branch, 100);
            return Answer.done();
        });
    }

    private static void awaitEffects(Branch branch, String expected) {
        await().untilAsserted(() -> assertThat(ledger.effects(branch)).isEqualTo(expected));
    }

    private static int run(String step, String point, Branch branch) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                KilledService.class.getName(),
                ledger.database.url(),
                ledger.database.appUser(),
                ledger.database.appPassword()));
        command.addAll(List.of(step, point, branch.globalId(), branch.branchId()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }
}
