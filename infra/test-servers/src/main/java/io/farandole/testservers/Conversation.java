package io.farandole.testservers;

import java.io.ByteArrayOutputStream;

/**
 * Follows what is said over one connection, both ways, and says what becomes of it. Called by one thread for each direction, so
 * implementations are thread-safe.
 */
interface Conversation {

    /** Knows no protocol, and hands everything on as it comes. */
    Conversation NONE = (direction, bytes, handedOn) -> {
        handedOn.writeBytes(bytes);
        return true;
    };

    /**
     * Takes what comes next in a direction.
     *
     * @param bytes not changed
     * @param handedOn takes what is to be written now, of these bytes and of earlier ones that were kept back
     * @return whether the connection goes on; both sides are reset otherwise, once that is written
     */
    boolean pass(TcpProxy.Direction direction, byte[] bytes, ByteArrayOutputStream handedOn);
}
