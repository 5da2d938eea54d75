package io.farandole.shop.order.registration;

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * An address that a mail can be sent to: the plain form of RFC 5321, without quotes, comments or domain literals, so nothing that could
 * end a line or begin another header.
 *
 * @param local before the at sign, as the customer writes it
 * @param domain in its ASCII form and lower case
 */
record EmailAddress(String local, String domain) {

    private static final int LONGEST = 254;
    private static final int LONGEST_LOCAL = 64;
    private static final Pattern LOCAL =
            Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*");
    private static final Pattern DOMAIN =
            Pattern.compile("([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])");

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if it is none; the message does not repeat it
     */
    static EmailAddress parse(String text) {
        int at = text.lastIndexOf('@');
        if (at < 1 || text.length() > LONGEST) {
            throw new IllegalArgumentException("has the form local@domain, with at most " + LONGEST + " characters");
        }
        String local = text.substring(0, at);
        String domain = ascii(text.substring(at + 1));
        if (local.length() > LONGEST_LOCAL || !LOCAL.matcher(local).matches()) {
            throw new IllegalArgumentException(
                    "has 1 to " + LONGEST_LOCAL + " ASCII letters, digits and signs before the @, without quotes");
        }
        if (!DOMAIN.matcher(domain).matches() || local.length() + 1 + domain.length() > LONGEST) {
            throw new IllegalArgumentException("has a domain name after the @");
        }
        return new EmailAddress(local, domain);
    }

    private static String ascii(String domain) {
        try {
            return IDN.toASCII(domain, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("has a domain name after the @", e);
        }
    }

    /** As it is written into a mail. */
    String text() {
        return local + "@" + domain;
    }

    /** The same for addresses that differ in upper and lower case only; for whoever has no key, nothing. */
    EmailDigest digest(byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            byte[] digest = mac.doFinal(text().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
            return new EmailDigest(HexFormat.of().formatHex(digest));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has HmacSHA256", e);
        }
    }

    /** Without the address. */
    @Override
    public String toString() {
        return "EmailAddress";
    }
}
