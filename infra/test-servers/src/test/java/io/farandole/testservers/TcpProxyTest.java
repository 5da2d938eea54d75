package io.farandole.testservers;

import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over loopback sockets, against a server that echoes. */
class TcpProxyTest {

    private ServerSocket echo;
    private TcpProxy proxy;

    @BeforeEach
    void listen() throws IOException {
        echo = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Threads.start("echo", this::echoAll);
        proxy = TcpProxy.to("127.0.0.1", echo.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        echo.close();
    }

    @Test
    void forwardsBothWaysAndHandsOnAnOrderlyEnd() throws IOException {
        try (Socket client = connect()) {
            assertThat(ask(client, "hello")).isEqualTo("hello");
            client.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
        await().until(() -> proxy.openConnections() == 0);
        assertThat(proxy.forwarded(TcpProxy.Direction.TO_SERVER)).isEqualTo(5);
    }

    @Test
    void delaysOneDirection() throws IOException {
        try (Socket client = connect()) {
            proxy.delay(TcpProxy.Direction.TO_CLIENT, Duration.ofMillis(200));
            long start = System.nanoTime();
            assertThat(ask(client, "slow")).isEqualTo("slow");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
        }
    }

    @Test
    void holdsBackWhilePausedAndDeliversAfterwards() throws IOException {
        try (Socket client = connect()) {
            proxy.pause();
            client.setSoTimeout(200);
            send(client, "later");
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);

            proxy.resume();
            client.setSoTimeout(5_000);
            assertThat(receive(client, 5)).isEqualTo("later");
        }
    }

    @Test
    void swallowsWhatGoesIntoABlackHole() throws IOException {
        try (Socket client = connect()) {
            proxy.blackhole(TcpProxy.Direction.TO_CLIENT);
            client.setSoTimeout(200);
            send(client, "lost");
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            proxy.heal();
            client.setSoTimeout(5_000);
            assertThat(ask(client, "found")).isEqualTo("found");
        }
    }

    @Test
    void cutsWithAReset() throws IOException {
        try (Socket client = connect()) {
            assertThat(ask(client, "up")).isEqualTo("up");
            proxy.cut();
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        try (Socket client = connect()) {
            assertThat(ask(client, "again")).isEqualTo("again");
        }
    }

    @Test
    void cutsAfterSoManyBytes() throws IOException {
        try (Socket client = connect()) {
            assertThat(ask(client, "123")).isEqualTo("123");
            proxy.cutAfter(TcpProxy.Direction.TO_SERVER, 4);
            assertThat(ask(client, "456")).isEqualTo("456");
            send(client, "789");
            assertThatThrownBy(() -> receive(client, 6)).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void refusesUntilHealed() throws IOException {
        proxy.refuse();
        try (Socket client = connect()) {
            assertThatThrownBy(() -> ask(client, "no")).isInstanceOf(IOException.class);
        }
        proxy.heal();
        try (Socket client = connect()) {
            assertThat(ask(client, "yes")).isEqualTo("yes");
        }
    }

    private Socket connect() throws IOException {
        Socket client = new Socket(proxy.host(), proxy.port());
        client.setSoTimeout(5_000);
        return client;
    }

    private static String ask(Socket client, String text) throws IOException {
        send(client, text);
        return receive(client, text.length());
    }

    private static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String receive(Socket client, int length) throws IOException {
        byte[] bytes = client.getInputStream().readNBytes(length);
        if (bytes.length < length) {
            throw new SocketException("ended after " + bytes.length + " bytes");
        }
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private void echoAll() {
        while (!echo.isClosed()) {
            try {
                Socket socket = echo.accept();
                Threads.start("echo-connection", () -> echo(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void echo(Socket socket) {
        try (socket;
                InputStream in = socket.getInputStream()) {
            in.transferTo(socket.getOutputStream());
        } catch (IOException reset) {
            // The test did that.
        }
    }
}
