package io.farandole.testservers;

import io.farandole.testservers.TcpProxy.Direction;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One AMQP 0-9-1 connection, frame by frame: type (1), channel (2), size (4), that many bytes, end (1). A method with content is
 * followed, on its channel, by a header frame that tells the size of the body, and by the body's frames: they share its fate.
 */
final class AmqpConversation implements Conversation {

    /** What becomes of a method. */
    enum Fate {
        HANDED_ON,
        SWALLOWED,
        CUT_INSTEAD
    }

    private static final int METHOD = 1;
    private static final int HEADER = 2;
    private static final int BODY = 3;
    private static final int BASIC = 60;
    private static final int PUBLISH = 40;
    private static final int DELIVER = 60;
    private static final int ACK = 80;
    private static final int BEFORE_PAYLOAD = 7;
    private static final int BODY_SIZE = BEFORE_PAYLOAD + 4;
    private static final int PROTOCOL_HEADER = 8;

    private final Function<AmqpProxy.Method, Fate> fates;
    private final Map<Direction, Frames> frames = new EnumMap<>(Direction.class);
    private final Map<Direction, Map<Short, Content>> contents = new EnumMap<>(Direction.class);
    private boolean cut;

    /** {@code fates} is asked once for each method of interest, with content or without. */
    AmqpConversation(Function<AmqpProxy.Method, Fate> fates) {
        this.fates = fates;
        for (Direction direction : Direction.values()) {
            frames.put(direction, new Frames());
            contents.put(direction, new HashMap<>());
        }
    }

    /** A message under way on a channel, after its method. */
    private static final class Content {

        private final Fate fate;
        private long left = -1;

        Content(Fate fate) {
            this.fate = fate;
        }
    }

    @Override
    public synchronized boolean pass(Direction direction, byte[] bytes, ByteArrayOutputStream handedOn) {
        Frames incoming = of(frames, direction);
        incoming.add(bytes);
        byte[] frame = incoming.next(AmqpConversation::length);
        while (frame != null && !cut) {
            Fate fate = fate(direction, ByteBuffer.wrap(frame));
            if (fate == Fate.HANDED_ON) {
                handedOn.writeBytes(frame);
            }
            cut = fate == Fate.CUT_INSTEAD;
            frame = incoming.next(AmqpConversation::length);
        }
        return !cut;
    }

    private static int length(ByteBuffer beginning) {
        if (beginning.remaining() < BEFORE_PAYLOAD) {
            return 0;
        }
        // The client begins with "AMQP" and the version; a broker that does not speak it answers likewise.
        return beginning.get(0) == 'A' ? PROTOCOL_HEADER : BEFORE_PAYLOAD + beginning.getInt(3) + 1;
    }

    private Fate fate(Direction direction, ByteBuffer frame) {
        Map<Short, Content> open = of(contents, direction);
        short channel = frame.getShort(1);
        switch (frame.get(0)) {
            case METHOD -> {
                AmqpProxy.Method method = method(direction, frame);
                Fate fate = method == null ? Fate.HANDED_ON : fates.apply(method);
                if (method == AmqpProxy.Method.PUBLISH || method == AmqpProxy.Method.DELIVERY) {
                    open.put(channel, new Content(fate));
                }
                return fate;
            }
            case HEADER, BODY -> {
                Content content = open.get(channel);
                return content == null ? Fate.HANDED_ON : fate(open, channel, content, frame);
            }
            default -> {
                return Fate.HANDED_ON;
            }
        }
    }

    private static Fate fate(Map<Short, Content> open, short channel, Content content, ByteBuffer frame) {
        content.left = frame.get(0) == HEADER ? frame.getLong(BODY_SIZE) : content.left - frame.getInt(3);
        if (content.left <= 0) {
            open.remove(channel);
        }
        return content.fate;
    }

    private static AmqpProxy.@Nullable Method method(Direction direction, ByteBuffer frame) {
        if (frame.getShort(BEFORE_PAYLOAD) != BASIC) {
            return null;
        }
        boolean toServer = direction == Direction.TO_SERVER;
        return switch (frame.getShort(BEFORE_PAYLOAD + 2)) {
            case PUBLISH -> AmqpProxy.Method.PUBLISH;
            case DELIVER -> AmqpProxy.Method.DELIVERY;
            case ACK -> toServer ? AmqpProxy.Method.ACKNOWLEDGEMENT : AmqpProxy.Method.CONFIRM;
            default -> null;
        };
    }

    private static <T> T of(Map<Direction, T> both, Direction direction) {
        T one = both.get(direction);
        if (one == null) {
            throw new IllegalArgumentException(String.valueOf(direction));
        }
        return one;
    }
}
