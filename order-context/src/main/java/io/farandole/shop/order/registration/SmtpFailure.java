package io.farandole.shop.order.registration;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.jspecify.annotations.Nullable;

/**
 * Why a mail was not sent, in codes: a server's words repeat the address, and are left out.
 *
 * @param isOfTheAddress nobody is there, says the server, and will say so again
 * @param text reply code, enhanced status code (RFC 3463) and command, or the exception's class
 */
record SmtpFailure(boolean isOfTheAddress, String text) {

    /** No mailbox, not local, name not allowed, domain takes no mail: where the server has no enhanced code to say it with. */
    private static final Set<Integer> NOBODY_THERE = Set.of(550, 551, 553, 556);

    private static final Pattern CODES = Pattern.compile("^\\d{3}[ -](\\d\\.\\d{1,3}\\.\\d{1,3})\\b");

    private static final int DEEPEST = 20;

    static SmtpFailure of(MessagingException failure) {
        SMTPAddressFailedException refused = find(failure, SMTPAddressFailedException.class);
        if (refused != null) {
            return reply(refused.getReturnCode(), refused.getMessage(), true);
        }
        SMTPSenderFailedException sender = find(failure, SMTPSenderFailedException.class);
        if (sender != null) {
            return reply(sender.getReturnCode(), sender.getMessage(), false);
        }
        SMTPSendFailedException send = find(failure, SMTPSendFailedException.class);
        if (send != null) {
            return reply(send.getReturnCode(), send.getMessage(), false);
        }
        if (find(failure, AuthenticationFailedException.class) != null) {
            return new SmtpFailure(false, "the mail server refuses user and password: see spring.mail.username");
        }
        return new SmtpFailure(false, describe(failure));
    }

    /**
     * Of a recipient, 5xx says that the address is of no use if the enhanced code is 5.1.x (address; 5.1.7 and 5.1.8 are the
     * sender's) or 5.2.1 (mailbox disabled); any other enhanced code, such as 5.7.1 (not allowed), is about policy or the server itself.
     */
    static SmtpFailure reply(int code, @Nullable String words, boolean toRecipient) {
        if (code < 0) {
            return new SmtpFailure(false, "the connection broke before the answer");
        }
        Matcher matcher = CODES.matcher(words == null ? "" : words.stripLeading());
        String enhanced = matcher.find() ? matcher.group(1) : "";
        String text = code + (enhanced.isEmpty() ? "" : " " + enhanced) + (toRecipient ? " at RCPT" : "");
        return new SmtpFailure(toRecipient && code / 100 == 5 && isNobody(code, enhanced), text);
    }

    private static boolean isNobody(int code, String enhanced) {
        if (enhanced.isEmpty()) {
            return NOBODY_THERE.contains(code);
        }
        return (enhanced.startsWith("5.1.") && !enhanced.equals("5.1.7") && !enhanced.equals("5.1.8"))
                || enhanced.equals("5.2.1");
    }

    private static <T extends Throwable> @Nullable T find(MessagingException failure, Class<T> type) {
        Throwable link = failure;
        for (int depth = 0; link != null && depth < DEEPEST; depth++) {
            if (type.isInstance(link)) {
                return type.cast(link);
            }
            link = link instanceof MessagingException chained ? chained.getNextException() : link.getCause();
        }
        return null;
    }

    private static String describe(MessagingException failure) {
        if (String.valueOf(failure.getMessage()).contains("STARTTLS")) {
            return "the mail server offers no STARTTLS, without which nothing is sent";
        }
        Throwable root = failure;
        for (int depth = 0; root.getCause() != null && depth < DEEPEST; depth++) {
            root = root.getCause();
        }
        String what = root.getClass().getSimpleName();
        return find(failure, SSLException.class) == null
                ? "no connection, or a broken one: " + what
                : "no encrypted connection: " + what + "; see the server's certificate, and spring.mail.ssl.bundle";
    }
}
