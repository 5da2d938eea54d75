package io.farandole.shop.order.registration;

import io.farandole.boot.OutsideCallProperties;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.springframework.mail.javamail.JavaMailSenderImpl;

/** Makes the mail library safe to use: it waits for ever by default, and sends in clear. Unsafe settings stop the start. */
final class MailServerSettings {

    /** Greeting, EHLO, STARTTLS, EHLO, three of AUTH, MAIL, RCPT, DATA, the final dot. */
    private static final int MOST_ANSWERS = 11;

    private MailServerSettings() {}

    /**
     * Sets time-outs where the configuration does not, and checks the rest.
     *
     * @throws IllegalStateException naming the property that is unsafe or missing
     */
    static void apply(JavaMailSenderImpl server, RegistrationSettings.Mail settings, OutsideCallProperties calls) {
        String protocol = server.getProtocol() == null ? "smtp" : server.getProtocol();
        String prefix = "mail." + protocol + ".";
        Properties properties = server.getJavaMailProperties();
        Duration connect = timeout(properties, prefix + "connectiontimeout", settings.connectTimeout());
        Duration answer = timeout(properties, prefix + "timeout", settings.timeout());
        Duration write = timeout(properties, prefix + "writetimeout", settings.timeout());
        // The mail was taken or not before QUIT: its answer is not waited for.
        properties.putIfAbsent(prefix + "quitwait", "false");
        properties.putIfAbsent(prefix + "ssl.checkserveridentity", "true");
        if (!isEncrypted(properties, prefix, protocol) && !isLoopback(server.getHost())) {
            throw new IllegalStateException("spring.mail.host is another host, to which mails and passwords would go in"
                    + " clear: set spring.mail.properties.mail.smtp.starttls.enable=true and"
                    + " spring.mail.properties.mail.smtp.starttls.required=true, or spring.mail.ssl.enabled=true");
        }
        if (isTrue(properties, prefix + "auth") && isBlank(server.getPassword())) {
            throw new IllegalStateException("spring.mail.properties." + prefix
                    + "auth is true, and spring.mail.username or spring.mail.password is not set");
        }
        requireLease(calls, connect.plus(answer.multipliedBy(MOST_ANSWERS)).plus(write));
    }

    private static Duration timeout(Properties properties, String name, Duration otherwise) {
        String set = properties.getProperty(name);
        if (set == null) {
            properties.setProperty(name, Long.toString(otherwise.toMillis()));
            return otherwise;
        }
        if (!set.matches("[1-9][0-9]{0,8}")) {
            throw new IllegalStateException("spring.mail.properties." + name + " is a number of milliseconds, not '"
                    + set + "': without a time-out a mail server that hangs would keep its caller for ever");
        }
        return Duration.ofMillis(Long.parseLong(set));
    }

    /** A worker whose lease has run out is taken for dead, and another one sends the mail again. */
    private static void requireLease(OutsideCallProperties calls, Duration longest) {
        OutsideCallProperties.Differing own = calls.kinds().get(OutsideWelcomeMails.KIND);
        Duration lease = own == null || own.lease() == null ? calls.lease() : own.lease();
        if (lease.compareTo(longest) <= 0) {
            throw new IllegalStateException("farandole.outside-calls.kinds." + OutsideWelcomeMails.KIND + ".lease is "
                    + lease + ", and a slow mail server may take " + longest
                    + " with these time-outs: make it longer, or shop.registration.mail.timeout shorter");
        }
    }

    private static boolean isEncrypted(Properties properties, String prefix, String protocol) {
        return protocol.equals("smtps")
                || isTrue(properties, prefix + "ssl.enable")
                || isTrue(properties, prefix + "starttls.required");
    }

    private static boolean isTrue(Properties properties, String name) {
        return "true".equals(String.valueOf(properties.get(name)).toLowerCase(Locale.ROOT));
    }

    private static boolean isLoopback(@Nullable String host) {
        try {
            return host != null && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static boolean isBlank(@Nullable String text) {
        return text == null || text.isBlank();
    }
}
