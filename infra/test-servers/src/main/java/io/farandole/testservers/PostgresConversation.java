package io.farandole.testservers;

import io.farandole.testservers.PostgresProxy.CommitFault;
import io.farandole.testservers.TcpProxy.Direction;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One connection to PostgreSQL, message by message: type (1), length (4, itself included), content. What a client says before it has
 * started a session has no type.
 *
 * <p>A driver sends COMMIT as a statement like others: in a text of its own, or parsed once and bound again and again, perhaps in one go
 * with what is to be done before; and it sends BEGIN with the transaction's first statement. Without BEGIN it is Sync that commits, or
 * the end of a simple query. So statements are counted to a transaction as they are bound, until the server says that the session is
 * idle.
 *
 * <p>That a commit took place is known by the server's word alone: it is idle again, and neither an error nor ROLLBACK was answered. Until
 * then the answers are kept back, and handed on if there was no commit.
 */
final class PostgresConversation implements Conversation {

    private static final int TLS_REQUEST = 80877103;
    private static final int GSS_REQUEST = 80877104;
    private static final int CANCEL_REQUEST = 80877102;
    private static final int UNTYPED_CODE = 4;
    private static final int TYPED_CONTENT = 5;

    private final PostgresProxy proxy;
    private final Frames fromClient = new Frames();
    private final Frames fromServer = new Frames();
    private final Map<String, String> prepared = new HashMap<>();
    private final List<String> transaction = new ArrayList<>();
    private final ByteArrayOutputStream keptBack = new ByteArrayOutputStream();
    private boolean started;
    private boolean encryptionAsked;
    private boolean undone;
    private boolean silent;
    private boolean cut;
    private PostgresProxy.@Nullable Planned fault;

    /** Tells {@code proxy} of commits, and asks it for faults. */
    PostgresConversation(PostgresProxy proxy) {
        this.proxy = proxy;
    }

    @Override
    public synchronized boolean pass(Direction direction, byte[] bytes, ByteArrayOutputStream handedOn) {
        if (direction == Direction.TO_SERVER) {
            fromClient.add(bytes);
            byte[] message = fromClient.next(this::lengthOfQuestion);
            while (message != null) {
                asked(message, handedOn);
                message = fromClient.next(this::lengthOfQuestion);
            }
        } else {
            fromServer.add(bytes);
            byte[] message = fromServer.next(this::lengthOfAnswer);
            while (message != null) {
                answered(message, handedOn);
                message = fromServer.next(this::lengthOfAnswer);
            }
        }
        return !cut;
    }

    private int lengthOfQuestion(ByteBuffer beginning) {
        return started ? typed(beginning) : beginning.remaining() < 4 ? 0 : beginning.getInt(0);
    }

    private int lengthOfAnswer(ByteBuffer beginning) {
        return encryptionAsked ? 1 : typed(beginning);
    }

    private static int typed(ByteBuffer beginning) {
        return beginning.remaining() < TYPED_CONTENT ? 0 : 1 + beginning.getInt(1);
    }

    private void asked(byte[] message, ByteArrayOutputStream handedOn) {
        if (!started) {
            int code = message.length < UNTYPED_CODE + 4
                    ? 0
                    : ByteBuffer.wrap(message).getInt(UNTYPED_CODE);
            encryptionAsked = code == TLS_REQUEST || code == GSS_REQUEST;
            started = !encryptionAsked && code != CANCEL_REQUEST;
        } else {
            follow(message);
        }
        if (!silent && !cut) {
            handedOn.writeBytes(message);
        }
    }

    private void follow(byte[] message) {
        switch (message[0]) {
            case 'P' -> {
                String name = text(message, TYPED_CONTENT);
                prepared.put(name, text(message, TYPED_CONTENT + bytes(name) + 1));
            }
            case 'B' -> {
                String portal = text(message, TYPED_CONTENT);
                run(prepared.getOrDefault(text(message, TYPED_CONTENT + bytes(portal) + 1), ""));
            }
            case 'Q' -> {
                run(text(message, TYPED_CONTENT));
                endWithoutBegin();
            }
            case 'S' -> endWithoutBegin();
            default -> {
                // Nothing that says what is done, or that ends it: describing, executing what was bound, closing.
            }
        }
    }

    private void run(String statement) {
        if (statement.equalsIgnoreCase("COMMIT")) {
            // Earlier errors were undone up to a savepoint, or COMMIT is answered by ROLLBACK.
            undone = false;
            commits();
        } else {
            transaction.add(statement);
        }
    }

    private void endWithoutBegin() {
        boolean begun = transaction.stream()
                .anyMatch(statement -> statement.toUpperCase(Locale.ROOT).startsWith("BEGIN"));
        if (!begun && !transaction.isEmpty()) {
            commits();
        }
    }

    private void commits() {
        if (fault != null || silent || cut) {
            return;
        }
        fault = proxy.take(transaction);
        if (fault != null && fault.fault() == CommitFault.NEVER_ARRIVES) {
            proxy.hit();
            cut = true;
        }
    }

    private void answered(byte[] message, ByteArrayOutputStream handedOn) {
        if (silent || cut) {
            return;
        }
        if (encryptionAsked) {
            encryptionAsked = false;
            // Its content could not be read any more.
            cut = message[0] != 'N';
        }
        boolean idle = message[0] == 'Z' && message[TYPED_CONTENT] == 'I';
        undone |= message[0] == 'E'
                || (message[0] == 'C' && text(message, TYPED_CONTENT).equals("ROLLBACK"));
        keptBack.writeBytes(message);
        if (idle) {
            end();
        }
        if (fault == null && !silent && !cut) {
            handedOn.writeBytes(keptBack.toByteArray());
            keptBack.reset();
        }
    }

    /** The session is idle: what was under way is committed or not, and whoever asks next begins anew. */
    private void end() {
        PostgresProxy.Planned meant = fault;
        if (meant != null && undone) {
            proxy.putBack(meant);
        } else if (meant != null) {
            proxy.hit();
            silent = meant.fault() == CommitFault.ANSWER_LOST_IN_SILENCE;
            cut = !silent;
        }
        fault = null;
        undone = false;
        transaction.clear();
    }

    /** Up to the next zero byte. */
    private static String text(byte[] message, int from) {
        int end = from;
        while (end < message.length && message[end] != 0) {
            end++;
        }
        return new String(message, from, end - from, StandardCharsets.UTF_8);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
