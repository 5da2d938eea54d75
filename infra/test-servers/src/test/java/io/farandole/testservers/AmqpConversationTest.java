package io.farandole.testservers;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.testservers.AmqpConversation.Fate;
import io.farandole.testservers.TcpProxy.Direction;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AmqpConversationTest {

    private static final byte[] GREETING = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};

    private final List<AmqpProxy.Method> asked = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 8, 9, 64, 10_000})
    void swallowsAMethodWithItsWholeContentHoweverTheBytesAreDivided(int chunk) {
        AmqpConversation conversation = new AmqpConversation(method -> {
            asked.add(method);
            return asked.size() == 2 ? Fate.SWALLOWED : Fate.HANDED_ON;
        });
        byte[] first = join(basic(1, 40), header(1, 5), body(1, "hello"));
        // Another channel's frames come in between, and share nothing.
        byte[] second = join(basic(1, 40), header(1, 8));
        byte[] between = join(basic(2, 40), header(2, 3), body(2, "two"));
        byte[] rest = join(body(1, "good"), body(1, "bye."));
        byte[] empty = join(basic(1, 40), header(1, 0));
        byte[] all = join(GREETING, first, second, between, rest, empty);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < all.length; at += chunk) {
            assertThat(conversation.pass(
                            Direction.TO_SERVER, Arrays.copyOfRange(all, at, Math.min(all.length, at + chunk)), out))
                    .isTrue();
        }
        assertThat(out.toByteArray()).isEqualTo(join(GREETING, first, between, empty));
        assertThat(asked).hasSize(4).containsOnly(AmqpProxy.Method.PUBLISH);
    }

    @Test
    void handsNothingOnFromTheMethodAtWhichItCuts() {
        AmqpConversation conversation =
                new AmqpConversation(method -> method == AmqpProxy.Method.CONFIRM ? Fate.CUT_INSTEAD : Fate.HANDED_ON);
        byte[] before = join(basic(1, 60), header(1, 1), body(1, "x"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(conversation.pass(Direction.TO_CLIENT, join(before, basic(1, 80), basic(1, 60)), out))
                .isFalse();
        assertThat(conversation.pass(Direction.TO_SERVER, basic(1, 40), out)).isFalse();
        assertThat(out.toByteArray()).isEqualTo(before);
    }

    @Test
    void tellsAnAcknowledgementFromAConfirmByItsDirection() {
        AmqpConversation conversation = new AmqpConversation(method -> {
            asked.add(method);
            return Fate.HANDED_ON;
        });
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] open = frame(
                1,
                1,
                ByteBuffer.allocate(4).putShort((short) 10).putShort((short) 40).array());
        conversation.pass(Direction.TO_SERVER, join(basic(1, 80), open), out);
        conversation.pass(Direction.TO_CLIENT, basic(1, 80), out);
        assertThat(asked).containsExactly(AmqpProxy.Method.ACKNOWLEDGEMENT, AmqpProxy.Method.CONFIRM);
    }

    private static byte[] basic(int channel, int method) {
        return frame(
                1,
                channel,
                ByteBuffer.allocate(4)
                        .putShort((short) 60)
                        .putShort((short) method)
                        .array());
    }

    private static byte[] header(int channel, long bodySize) {
        return frame(
                2,
                channel,
                ByteBuffer.allocate(14)
                        .putShort((short) 60)
                        .putShort((short) 0)
                        .putLong(bodySize)
                        .array());
    }

    private static byte[] body(int channel, String text) {
        return frame(3, channel, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] frame(int type, int channel, byte[] content) {
        return ByteBuffer.allocate(content.length + 8)
                .put((byte) type)
                .putShort((short) channel)
                .putInt(content.length)
                .put(content)
                .put((byte) 0xCE)
                .array();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }
}
