package io.farandole.testservers;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FreePortsTest {

    @Test
    void givesNoPortTwiceAndNoneThatTheKernelTakesForOutgoingConnections() throws Exception {
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 300; i++) {
            int port = FreePorts.next();
            assertThat(ports.add(port)).isTrue();
            assertThat(port).isBetween(12_000, 20_999);
        }
        try (ServerSocket socket = new ServerSocket(ports.iterator().next())) {
            assertThat(socket.isBound()).isTrue();
        }
    }
}
