package io.farandole.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;

class OperatorCommandTest {

    private final RecordingService nobody = new RecordingService();
    private final Typed typed = new Typed(nobody);

    @AfterEach
    void closes() {
        nobody.close();
    }

    @Test
    void printsAHashThatServicesKnow() {
        String password = "correct horse, böttery 🔋";
        assertThat(typed.atTerminal(password, password).run("operator", "hash")).isZero();
        String hash = typed.out().strip();
        assertThat(PasswordEncoderFactories.createDelegatingPasswordEncoder().matches(password, hash))
                .isTrue();
        assertThat(typed.atTerminal(password, password).run("operator", "hash")).isZero();
        assertThat(typed.out().strip()).isNotEqualTo(hash);
    }

    @Test
    void refusesShortAndMistypedPasswords() {
        assertThat(typed.atTerminal("short", "short").run("operator", "hash")).isEqualTo(2);
        assertThat(typed.atTerminal("long enough for it", "long enough for its").run("operator", "hash"))
                .isEqualTo(2);
        assertThat(typed.out()).isEmpty();
    }
}
