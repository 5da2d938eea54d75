package io.farandole.mailserver;

import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/**
 * The stand-in as a process of its own, on the loopback interface: {@code MAIL_SMTP_PORT} (8025) takes mails, {@code MAIL_HTTP_PORT} (8026)
 * shows them. It runs until it is stopped by a signal.
 */
public final class MailServerApplication {

    private MailServerApplication() {}

    public static void main(String[] args) throws InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        StandInMailServer server;
        try {
            server = StandInMailServer.start(
                    InetAddress.getLoopbackAddress(),
                    port("MAIL_SMTP_PORT", StandInMailServer.DEFAULT_SMTP_PORT),
                    port("MAIL_HTTP_PORT", StandInMailServer.DEFAULT_HTTP_PORT),
                    StandInMailServer.SLOWNESS);
        } catch (IllegalArgumentException | UncheckedIOException e) {
            out.println(e.getMessage());
            System.exit(1);
            return;
        }
        out.println("Mail server stand-in: SMTP on port " + server.smtpPort() + ", mails at " + server.uri());
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "mail-server-stop"));
        new CountDownLatch(1).await();
    }

    private static int port(String name, int otherwise) {
        String value = System.getenv(name);
        if (value == null || value.isBlank()) {
            return otherwise;
        }
        if (!value.matches("[0-9]{1,5}") || Integer.parseInt(value) > 65535) {
            throw new IllegalArgumentException(name + " is a port, 0 to 65535, not '" + value + "'");
        }
        return Integer.parseInt(value);
    }
}
