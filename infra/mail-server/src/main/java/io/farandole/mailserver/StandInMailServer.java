package io.farandole.mailserver;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.subethamail.smtp.server.SMTPServer;

/**
 * The server: SMTP on one port, and a page of the mails received on another ({@code GET /mails}, as JSON; {@code GET /}). Addresses say
 * how it {@linkplain Behaviour behaves}. Thread-safe.
 */
public final class StandInMailServer implements AutoCloseable {

    /** Where mails are taken, unless said otherwise. */
    public static final int DEFAULT_SMTP_PORT = 8025;

    /** Where they are shown, unless said otherwise. */
    public static final int DEFAULT_HTTP_PORT = 8026;

    /** How late the answers to slow addresses come, unless said otherwise. */
    public static final Duration SLOWNESS = Duration.ofSeconds(2);

    private final Mailboxes mailboxes = new Mailboxes(Clock.systemUTC());
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final SMTPServer smtp;
    private final HttpServer http;

    private StandInMailServer(
            InetAddress address, int smtpPort, int httpPort, Duration slowness, @Nullable SSLContext encryption)
            throws IOException {
        http = HttpServer.create(new InetSocketAddress(address, httpPort), 0);
        MailPages pages = new MailPages(mailboxes);
        http.createContext("/mails", pages::json);
        http.createContext("/", pages::page);
        SMTPServer.Builder server = SMTPServer.port(smtpPort)
                .bindAddress(address)
                .hostName("mail-server.localhost")
                .insertReceivedHeaders(false)
                .messageHandlerFactory(context -> new Delivery(context, mailboxes, slowness, stopped));
        if (encryption != null) {
            server.startTlsSocketFactory(encryption).enableTLS().requireTLS();
        }
        smtp = server.build();
    }

    /**
     * Starts one.
     *
     * @param smtpPort 0 for any free one
     * @param httpPort 0 for any free one
     * @param slowness how late answers to slow addresses come
     * @throws UncheckedIOException if a port is taken
     */
    public static StandInMailServer start(InetAddress address, int smtpPort, int httpPort, Duration slowness) {
        return start(address, smtpPort, httpPort, slowness, null);
    }

    /**
     * Starts one that takes nothing before its client has asked for encryption ({@code STARTTLS}); its page is in clear.
     *
     * @param encryption with the server's key and certificate
     * @throws UncheckedIOException if a port is taken
     */
    public static StandInMailServer startEncrypted(
            InetAddress address, int smtpPort, int httpPort, Duration slowness, SSLContext encryption) {
        return start(address, smtpPort, httpPort, slowness, encryption);
    }

    private static StandInMailServer start(
            InetAddress address, int smtpPort, int httpPort, Duration slowness, @Nullable SSLContext encryption) {
        try {
            StandInMailServer server = new StandInMailServer(address, smtpPort, httpPort, slowness, encryption);
            server.smtp.start();
            server.http.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The mail server cannot listen on " + address.getHostAddress() + ", ports " + smtpPort + " and "
                            + httpPort + ": " + e.getMessage(),
                    e);
        }
    }

    /** Starts one on free ports of the loopback interface. */
    public static StandInMailServer start() {
        return start(InetAddress.getLoopbackAddress(), 0, 0, SLOWNESS);
    }

    /** Where it takes mails. */
    public int smtpPort() {
        return smtp.getPortAllocated();
    }

    /** Where it shows them. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    /** The mails received, in order; one that was sent twice stands here twice. */
    public List<ReceivedMail> mails() {
        return mailboxes.all();
    }

    /** The mails received for an address. */
    public List<ReceivedMail> mailsTo(String address) {
        return mails().stream()
                .filter(mail -> mail.to().equalsIgnoreCase(address))
                .toList();
    }

    /** How often somebody wanted to send something to an address. */
    public int attempts(String address) {
        return mailboxes.attempts(address);
    }

    /** Stops; what it has received can still be asked for. */
    @Override
    public void close() {
        stopped.countDown();
        smtp.stop();
        http.stop(0);
    }
}
