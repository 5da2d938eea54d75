package io.farandole.audit.personal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AesGcmTest {

    private static final byte[] BOUND = "bound".getBytes(StandardCharsets.UTF_8);
    private static final byte[] CLEAR = "Anna Müller, 12 Rue de la République".getBytes(StandardCharsets.UTF_8);

    private final AesGcm cipher = new AesGcm();
    private final byte[] key = cipher.newKey();

    @Test
    void opensWhatItHasSealed() {
        assertThat(cipher.open(key, BOUND, cipher.seal(key, BOUND, CLEAR))).contains(CLEAR);
        assertThat(cipher.open(key, BOUND, cipher.seal(key, BOUND, new byte[0])))
                .contains(new byte[0]);
    }

    @Test
    void opensNothingThatWasAlteredInAnyBit() {
        byte[] sealed = cipher.seal(key, BOUND, CLEAR);
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] altered = sealed.clone();
            altered[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThat(cipher.open(key, BOUND, altered)).as("bit %s", bit).isEmpty();
        }
    }

    @Test
    void opensNothingThatIsShort() {
        byte[] sealed = cipher.seal(key, BOUND, CLEAR);
        for (int length = 0; length < sealed.length; length++) {
            assertThat(cipher.open(key, BOUND, java.util.Arrays.copyOf(sealed, length)))
                    .isEmpty();
        }
    }

    @Test
    void opensNothingWithAnotherKeyOrBeside() {
        byte[] sealed = cipher.seal(key, BOUND, CLEAR);
        assertThat(cipher.open(cipher.newKey(), BOUND, sealed)).isEmpty();
        assertThat(cipher.open(key, "other".getBytes(StandardCharsets.UTF_8), sealed))
                .isEmpty();
    }

    @Test
    void neverSealsTheSameTextTheSameWay() {
        Set<String> nonces = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            byte[] sealed = cipher.seal(key, BOUND, CLEAR);
            nonces.add(Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(sealed, 12)));
        }
        assertThat(nonces).hasSize(10_000);
    }
}
