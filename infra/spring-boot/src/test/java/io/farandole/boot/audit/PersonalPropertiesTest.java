package io.farandole.boot.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.boot.FarandoleConfigurationException;
import io.farandole.boot.audit.PersonalProperties.Grant;
import io.farandole.boot.audit.PersonalProperties.Owner;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is unsafe, or of no use, is refused at start-up by the name of its property. */
class PersonalPropertiesTest {

    private static final String SECRET = "a-secret-that-is-random-and-long-enough";
    private static final String HASH = "ab".repeat(32);
    private static final String KEY = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=";

    @Test
    void keysTravelInPlainTextOnTheLoopbackInterfaceOnly() {
        assertThat(owner("http://127.0.0.1:8081/actuator", "stock", SECRET).owners())
                .hasSize(1);
        assertThat(owner("http://localhost:8081/actuator", "stock", SECRET).owners())
                .hasSize(1);
        assertThat(owner("http://[::1]:8081/actuator", "stock", SECRET).owners())
                .hasSize(1);
        assertThat(owner("https://order:8081/actuator", "stock", SECRET).toString())
                .doesNotContain(SECRET);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> owner("http://order:8081/actuator", "stock", SECRET))
                .withMessageStartingWith("farandole.personal.owners.order.url is not https");
        for (String url : new String[] {"order:8081", "ftp://order/actuator", "/actuator"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> owner(url, "stock", SECRET))
                    .withMessageStartingWith("farandole.personal.owners.order.url");
        }
    }

    @Test
    void aGrantWantsALongSecret() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> owner("https://order/actuator", "stock", "guest"))
                .withMessageStartingWith("farandole.personal.owners.order.password")
                .withMessageNotContaining("guest");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> owner("https://order/actuator", "", SECRET))
                .withMessageStartingWith("farandole.personal.owners.order.user");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> grant(SECRET, Set.of("delivery")))
                .withMessageStartingWith("farandole.personal.grants.stock.secret-hash")
                .withMessageNotContaining(SECRET);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> grant(HASH, Set.of()))
                .withMessageStartingWith("farandole.personal.grants.stock.scopes");
        assertThat(grant(HASH, Set.of("delivery")).toString()).doesNotContain(HASH);
    }

    @Test
    void masterKeysAreReadFromTextsAndFiles(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("k2"), KEY + "\n");
        assertThat(ConfiguredMasterKeys.of(masters("k2", Map.of("k1", KEY, "k2", "file:" + file))))
                .hasToString("MasterKeys[k1, k2]");
        assertThat(ConfiguredMasterKeys.of(masters(null, Map.of()))).isNull();
        assertThat(masters("k1", Map.of("k1", KEY)).toString()).doesNotContain(KEY);
    }

    @Test
    void aMasterKeyThatIsOfNoUseIsNamedAndNotQuoted() {
        assertRefused(masters("k1", Map.of("k1", "c2hvcnQ=")), "the master key k1 has 5 bytes instead of 32");
        assertRefused(
                masters("k1", Map.of("k1", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")),
                "one byte again and again");
        assertRefused(masters("k1", Map.of("k1", "no base 64!")), "farandole.personal.master-keys.k1 is no Base64");
        assertRefused(masters("k1", Map.of("k1", "file:/nowhere/at/all")), "names a file that cannot be read");
        assertRefused(masters("k2", Map.of("k1", KEY)), "the current master key is 'k2'");
        assertRefused(masters(null, Map.of("k1", KEY)), "farandole.personal.master-key does not say");
        assertRefused(masters("k1", Map.of()), "the current master key is 'k1'");
    }

    private static void assertRefused(PersonalProperties properties, String why) {
        assertThatThrownBy(() -> ConfiguredMasterKeys.of(properties))
                .isInstanceOf(FarandoleConfigurationException.class)
                .hasMessageContaining("farandole.personal.master-key")
                .hasMessageContaining(why)
                .message()
                .doesNotContain(KEY, "c2hvcnQ", "no base 64!");
    }

    private static PersonalProperties masters(@Nullable String current, Map<String, String> keys) {
        return new PersonalProperties(current, keys, Duration.ofMinutes(10), Duration.ofSeconds(2), Map.of(), Map.of());
    }

    private static PersonalProperties owner(String url, String user, String password) {
        return new PersonalProperties(
                null,
                Map.of(),
                Duration.ofMinutes(10),
                Duration.ofSeconds(2),
                Map.of("order", new Owner(URI.create(url), user, password)),
                Map.of());
    }

    private static PersonalProperties grant(String hash, Set<String> scopes) {
        return new PersonalProperties(
                null,
                Map.of(),
                Duration.ofMinutes(10),
                Duration.ofSeconds(2),
                Map.of(),
                Map.of("stock", new Grant(hash, scopes)));
    }
}
