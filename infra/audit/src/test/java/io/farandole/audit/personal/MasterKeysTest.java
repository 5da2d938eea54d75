package io.farandole.audit.personal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MasterKeysTest {

    private final byte[] one = new AesGcm().newKey();
    private final byte[] two = new AesGcm().newKey();

    @Test
    void unwrapsWhatAnyOfThemHasWrapped() {
        byte[] key = new AesGcm().newKey();
        byte[] wrapped = new MasterKeys("k1", Map.of("k1", one)).wrap("order.1", key);
        MasterKeys rotated = new MasterKeys("k2", Map.of("k1", one, "k2", two));
        assertThat(rotated.unwrap("order.1", "k1", wrapped)).contains(key);
        assertThat(rotated.unwrap("order.2", "k1", wrapped)).as("another row").isEmpty();
        assertThat(rotated.unwrap("order.1", "k2", wrapped))
                .as("another master key")
                .isEmpty();
        assertThat(rotated).hasToString("MasterKeys[k1, k2]");
    }

    @Test
    void refusesWhatIsNoKeyAndNamesIt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MasterKeys("k1", Map.of("k1", new byte[16])))
                .withMessage("the master key k1 has 16 bytes instead of 32");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MasterKeys("k1", Map.of("k1", new byte[32])))
                .withMessageContaining("k1 is one byte again and again");
        byte[] constant = new byte[32];
        Arrays.fill(constant, (byte) 'x');
        assertThatIllegalArgumentException().isThrownBy(() -> new MasterKeys("k1", Map.of("k1", constant)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MasterKeys("k2", Map.of("k1", one)))
                .withMessage("the current master key is 'k2', and there is none of that id");
        assertThatIllegalArgumentException().isThrownBy(() -> new MasterKeys("k:1", Map.of("k:1", one)));
    }
}
