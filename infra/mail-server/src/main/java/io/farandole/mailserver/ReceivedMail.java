package io.farandole.mailserver;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * A mail that the server has taken, once for each time that it has.
 *
 * @param messageId its {@code Message-ID}, empty without one
 * @param from the envelope's sender
 * @param to the envelope's recipient
 * @param subject as it stands in the header, in one line
 * @param content headers and body, as sent
 */
public record ReceivedMail(
        Instant receivedAt, String messageId, String from, String to, String subject, String content) {

    static ReceivedMail of(Instant at, String from, String to, byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8);
        return new ReceivedMail(at, header(text, "Message-ID"), from, to, header(text, "Subject"), text);
    }

    /** A header's first value with its folded lines joined; empty if there is none. */
    static String header(String content, String name) {
        int end = content.indexOf("\r\n\r\n");
        String headers = end < 0 ? content : content.substring(0, end);
        for (String line : headers.replaceAll("\r\n[ \t]+", " ").split("\r\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).equalsIgnoreCase(name)) {
                return line.substring(colon + 1).strip();
            }
        }
        return "";
    }
}
