package io.farandole.boot.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.boot.FarandoleConfigurationException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.crypto.password.Pbkdf2PasswordEncoder;

class OperatorsTest {

    private static final String HASH = PostOffice.hash("right");

    @Test
    void signsInWithTheRightPasswordOnly() {
        Operators operators = new Operators(Map.of("ada", HASH, "bob", PostOffice.hash("other")), false);
        assertThat(operators.signIn("ada", "right")).contains(new Operator("ada"));
        assertThat(operators.signIn("ada", "other")).isEmpty();
        assertThat(operators.signIn("bob", "right")).isEmpty();
        assertThat(operators.signIn("Ada", "right")).isEmpty();
        assertThat(operators.signIn("", "")).isEmpty();
    }

    /** The comparison that a name costs which nobody has must not let that name in. */
    @Test
    void aNameThatNobodyHasIsNobodyWithAnyPassword() {
        Operators operators = new Operators(Map.of("ada", HASH), false);
        assertThat(operators.signIn("nobody", "right")).isEmpty();
        assertThat(new Operators(Map.of(), false).signIn("nobody", "")).isEmpty();
    }

    @Test
    void knowsOtherSlowHashesThanBcrypt() {
        String hash = "{pbkdf2@SpringSecurity_v5_8}"
                + Pbkdf2PasswordEncoder.defaultsForSpringSecurity_v5_8().encode("right");
        assertThat(new Operators(Map.of("ada", hash), false).signIn("ada", "right"))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "secret",
                "",
                "{noop}secret",
                "{MD5}secret",
                "{SHA-256}secret",
                "{sha256}secret",
                "{bcrypt}secret",
                "{bcrypt}",
                "{unknown}secret",
                "{pbkdf2}secret",
                "{argon2@SpringSecurity_v5_8}secret",
                "{pbkdf2@SpringSecurity_v5_8}secret"
            })
    void refusesWhatIsNoSafeHashWithoutQuotingIt(String hash) {
        assertThatThrownBy(() -> new Operators(Map.of("ada", hash), false))
                .isInstanceOf(FarandoleConfigurationException.class)
                .hasMessageContaining("farandole.operations.operators.ada")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a:b", "a\nb"})
    void refusesNamesThatCannotSignIn(String name) {
        assertThatThrownBy(() -> new Operators(Map.of(name, HASH), false))
                .isInstanceOf(FarandoleConfigurationException.class);
    }

    @Test
    void tellsNoHash() {
        assertThat(new OperationsProperties(Map.of("ada", HASH)).toString())
                .contains("ada")
                .doesNotContain("bcrypt");
    }
}
