package io.farandole.audit.personal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.messaging.Personal;
import io.farandole.messaging.PersonalDataException;
import io.farandole.messaging.PersonalDataException.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** A context that opens what another one has sealed; it needs no database for that. */
class OthersKeysTest {

    private static final String KEY_ID = "order.7f00";

    private final AesGcm cipher = new AesGcm();
    private final byte[] key = cipher.newKey();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final List<String> asked = new ArrayList<>();
    private KeyAnswer answer = new KeyAnswer.Found("delivery", key);
    private @Nullable PersonalDataException failure;

    private final Personal sealed = sealed(KEY_ID, "Anna");

    @Test
    void aKeyIsAskedForOnceInItsTime() {
        KeyedPersonalData data = data(Duration.ofMinutes(10));
        assertThat(data.open(sealed).text()).contains("Anna");
        assertThat(data.open(List.of(sealed, sealed)))
                .allMatch(one -> one.text().equals(java.util.Optional.of("Anna")));
        assertThat(asked).containsExactly("order " + KEY_ID);

        answer = new KeyAnswer.Destroyed("delivery");
        nanos.addAndGet(Duration.ofMinutes(10).toNanos() - 1);
        assertThat(data.open(sealed).isErased()).as("within the stated time").isFalse();
        nanos.incrementAndGet();
        assertThat(data.open(sealed).isErased()).as("after it").isTrue();
        assertThat(asked).hasSize(2);
    }

    @Test
    void withoutATimeItIsAskedForAlways() {
        KeyedPersonalData data = data(Duration.ZERO);
        data.open(sealed);
        answer = new KeyAnswer.Destroyed("delivery");
        assertThat(data.open(sealed).isErased()).isTrue();
        assertThat(asked).hasSize(2);
    }

    @Test
    void anOwnerThatIsDownIsNoTombstone() {
        KeyedPersonalData data = data(Duration.ofMinutes(10));
        failure = new PersonalDataException(Reason.UNAVAILABLE, "down");
        assertThatThrownBy(() -> data.open(sealed)).isSameAs(failure);
        failure = null;
        assertThat(data.open(sealed).text()).contains("Anna");
    }

    @Test
    void whatWasAlteredIsRefusedAndNotTold() {
        KeyedPersonalData data = data(Duration.ofMinutes(10));
        assertDamaged(data, Personal.parse(sealed.text().replace(KEY_ID, "order.7f01")), "does not open with its key");
        assertDamaged(data, Personal.parse(sealed.text() + "AAAA"), "does not open with its key");
        assertDamaged(data, Personal.parse(Personal.PREFIX + "order.7f00"), "not of the form");
        assertDamaged(data, Personal.parse(sealed.text() + "=="), "not of the form");
        answer = new KeyAnswer.Unknown();
        assertDamaged(data, sealed(KEY_ID + "a", "Anna"), "has never had the key");
    }

    @Test
    void whatWasNeverSealedIsReadAsItIs() {
        assertThat(data(Duration.ZERO).open(Personal.parse("Anna")).text()).contains("Anna");
        assertThat(asked).isEmpty();
    }

    @Test
    void withoutAMasterKeyNothingIsSealed() {
        assertThat(data(Duration.ZERO).canSeal()).isFalse();
        assertThatThrownBy(() -> data(Duration.ZERO).seal("c-1", "delivery", "Anna"))
                .isInstanceOfSatisfying(PersonalDataException.class, refusal -> assertThat(refusal.reason())
                        .isEqualTo(Reason.NOT_CONFIGURED))
                .hasMessageContaining("farandole.personal.master-key");
    }

    private static void assertDamaged(KeyedPersonalData data, Personal altered, String why) {
        assertThatThrownBy(() -> data.open(altered))
                .isInstanceOfSatisfying(PersonalDataException.class, refusal -> assertThat(refusal.reason())
                        .isEqualTo(Reason.DAMAGED))
                .hasMessageContaining(why)
                .message()
                .doesNotContain("Anna");
    }

    private KeyedPersonalData data(Duration rememberFor) {
        OwnKeys own = new OwnKeys("stock", new PGSimpleDataSource(), null);
        return new KeyedPersonalData(
                own,
                (owner, keyId) -> {
                    asked.add(owner + " " + keyId);
                    if (failure != null) {
                        throw failure;
                    }
                    return answer;
                },
                rememberFor,
                nanos::get);
    }

    private Personal sealed(String keyId, String clear) {
        byte[] bytes = cipher.seal(
                key,
                (Personal.PREFIX + keyId).getBytes(StandardCharsets.UTF_8),
                clear.getBytes(StandardCharsets.UTF_8));
        return Personal.parse(Personal.PREFIX + keyId + ":"
                + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }
}
