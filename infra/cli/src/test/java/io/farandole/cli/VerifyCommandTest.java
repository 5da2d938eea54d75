package io.farandole.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said without a database; {@code io.farandole.audit.seal} has the tests with one. */
class VerifyCommandTest {

    private static final String NOWHERE = "jdbc:postgresql://127.0.0.1:1/none";

    private final RecordingService service = new RecordingService();
    private final Typed typed = new Typed(service);

    @AfterEach
    void closes() {
        service.close();
    }

    @Test
    void wantsAUrl() {
        assertThat(typed.run("verify")).isEqualTo(ExitCode.USAGE);
        assertThat(typed.err()).contains("--url");
    }

    @Test
    void saysThatItCannotTellWhereThereIsNoDatabase() {
        assertThat(typed.run("verify", "--url", NOWHERE)).isEqualTo(ExitCode.NOT_REACHED);
        assertThat(typed.err()).contains("The journal could not be read", "nothing is known of it");
        assertThat(typed.out()).isEmpty();
    }

    @Test
    void wantsAKeyWithCheckpoints(@TempDir Path directory) {
        assertThat(typed.run("verify", "--url", NOWHERE, "--checkpoints", directory.toString()))
                .isEqualTo(ExitCode.NOT_REACHED);
        assertThat(typed.err()).contains("give its PEM file");
    }

    @Test
    void asksForThePasswordOfAUser() {
        typed.atTerminal("secret");
        assertThat(typed.run("verify", "--url", NOWHERE, "--user", "auditor")).isEqualTo(ExitCode.NOT_REACHED);
        assertThat(typed.asked()).contains("Password of auditor: ");
        assertThat(typed.err()).doesNotContain("secret");
    }

    @Test
    void refusesATimeThatIsNone() {
        assertThat(typed.run("verify", "--url", NOWHERE, "--since", "yesterday"))
                .isEqualTo(ExitCode.USAGE);
    }
}
