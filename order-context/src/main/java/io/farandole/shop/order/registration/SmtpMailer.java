package io.farandole.shop.order.registration;

import io.farandole.saga.outside.Outcome;
import io.farandole.shop.order.registration.MailOutcome.Kind;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.mail.javamail.JavaMailSenderImpl;

/**
 * Over SMTP, one connection per mail. {@code JavaMailSender} is not used to send: it counts a connection that breaks at {@code QUIT}, when
 * the mail was taken already, as a failure, and the mail would be sent again.
 */
final class SmtpMailer implements Mailer {

    private static final Logger log = LoggerFactory.getLogger(SmtpMailer.class);

    private final JavaMailSenderImpl server;
    private final String from;
    private final String domain;

    /**
     * A mailer.
     *
     * @param server where mails are handed in, with its time-outs
     * @param from the sender's address
     * @param domain of the Message-IDs; not to be changed while mails are on their way
     */
    SmtpMailer(JavaMailSenderImpl server, String from, String domain) {
        this.server = server;
        this.from = from;
        this.domain = domain;
    }

    @Override
    public Outcome<MailOutcome> send(WelcomeLetter letter) {
        String messageId = letter.messageId(domain);
        Transport transport = null;
        try {
            Session session = server.getSession();
            MimeMessage message = message(session, letter, messageId);
            transport = session.getTransport(server.getProtocol() == null ? "smtp" : server.getProtocol());
            transport.connect(server.getHost(), server.getPort(), server.getUsername(), server.getPassword());
            transport.sendMessage(message, message.getAllRecipients());
            return Outcome.known(new MailOutcome(Kind.SENT, messageId));
        } catch (MessagingException e) {
            SmtpFailure failure = SmtpFailure.of(e);
            return failure.isOfTheAddress()
                    ? Outcome.known(new MailOutcome(Kind.ADDRESS_REFUSED, failure.text()))
                    : Outcome.unknown(failure.text());
        } finally {
            close(transport);
        }
    }

    private MimeMessage message(Session session, WelcomeLetter letter, String messageId) throws MessagingException {
        MimeMessage message = new MimeMessage(session);
        message.setFrom(new InternetAddress(from, true));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress(letter.email(), true));
        message.setSubject(WelcomeLetter.SUBJECT, StandardCharsets.UTF_8.name());
        message.setSentDate(Date.from(letter.registeredAt()));
        message.setHeader("Auto-Submitted", "auto-generated");
        message.setText(letter.body(), StandardCharsets.UTF_8.name());
        message.saveChanges();
        // After saveChanges, which makes an id of its own.
        message.setHeader("Message-ID", messageId);
        return message;
    }

    /** Whatever happens here, the mail was taken or not before. */
    private static void close(@Nullable Transport transport) {
        if (transport != null) {
            try {
                transport.close();
            } catch (MessagingException e) {
                log.debug(
                        "A connection to the mail server was not closed in order: {}",
                        e.getClass().getName());
            }
        }
    }
}
