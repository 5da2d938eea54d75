package io.farandole.testservers;

import java.io.IOException;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ports for processes that tests start, and that come back on the same port: between 12000 and 20999, which is below the ports that the
 * kernel takes for outgoing connections. One of those could be in use when the process that is only just being started, or started again,
 * comes to bind it, seconds later.
 */
public final class FreePorts {

    private static final int LOWEST = 12_000;
    private static final int PORTS = 9_000;
    private static final int SHARES = 4;
    private static final int SHARE = PORTS / SHARES;

    /** Where tests run in several processes at once, each has ports of its own; Surefire and Failsafe number theirs from 1. */
    private static final int FIRST = LOWEST + SHARE * (Integer.getInteger("surefire.forkNumber", 1) % SHARES);

    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();
    private static final Random RANDOM = new SecureRandom();

    private FreePorts() {}

    /**
     * A port that nobody listens on and that this JVM was not given before. Thread-safe.
     *
     * @throws IllegalStateException if every port was given
     */
    public static int next() {
        while (GIVEN.size() < SHARE) {
            int port = FIRST + RANDOM.nextInt(SHARE);
            if (GIVEN.add(port) && isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("All " + SHARE + " ports from " + FIRST + " on were given");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
