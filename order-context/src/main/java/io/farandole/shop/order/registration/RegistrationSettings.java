package io.farandole.shop.order.registration;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Registration, {@code shop.registration.*}; it is on where {@code spring.mail.host} is set.
 *
 * @param claimKey a secret of 32 bytes or more in Base64, by which addresses are recognised; no default. With another one, addresses that are
 *     taken can be registered again
 * @param mail the welcome mail
 * @param check the scheduled check
 */
@ConfigurationProperties("shop.registration")
record RegistrationSettings(@Nullable String claimKey, @DefaultValue Mail mail, @DefaultValue Check check) {

    /**
     * The welcome mail.
     *
     * @param from the sender's address; no default
     * @param messageIdDomain the domain of the Message-IDs; the sender's by default. Changed while mails are on their way, it lets one that is
     *     sent again look like another one
     * @param connectTimeout longest time to connect; default 10 s
     * @param timeout longest time for each answer of the mail server; default 60 s. Some look through a mail before they say that they have
     *     taken it: who gives up before that sends twice
     */
    record Mail(
            @Nullable String from,
            @Nullable String messageIdDomain,
            @DefaultValue("10s") Duration connectTimeout,
            @DefaultValue("60s") Duration timeout) {

        Mail {
            positive("mail.connect-timeout", connectTimeout);
            positive("mail.timeout", timeout);
        }
    }

    /**
     * The scheduled check.
     *
     * @param after how long a mail may be without a call to the mail server until it is asked for again; default 10 min, above what sagas are
     *     ever behind
     * @param every how often it looks; default 1 min
     */
    record Check(@DefaultValue("10m") Duration after, @DefaultValue("1m") Duration every) {

        Check {
            positive("check.after", after);
            positive("check.every", every);
        }
    }

    private static void positive(String name, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException("shop.registration." + name + " must be positive, not " + value);
        }
    }

    /** Leaves the key out: it is a secret. */
    @Override
    public String toString() {
        return "RegistrationSettings[" + mail + ", " + check + "]";
    }
}
