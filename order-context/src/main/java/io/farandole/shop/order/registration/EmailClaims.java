package io.farandole.shop.order.registration;

import io.farandole.audit.personal.DestroyedKey;
import io.farandole.audit.personal.PersonalDataErased;
import io.farandole.messaging.Personal;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Table {@code app.email_claim}: each address has one owner. Joins the caller's transaction; thread-safe. */
@Component
@WhereMailIsSent
@ProcessingGroup(RegistrationConfiguration.CLAIMS)
class EmailClaims {

    private final JdbcClient jdbc;

    EmailClaims(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Makes an address the customer's, and the one before free. Of two who claim the same one at the same moment the second waits at the
     * primary key for the first to commit or roll back.
     *
     * @throws AddressTakenException if it is another customer's
     */
    void claim(EmailDigest digest, String customerId, Personal email) {
        String keyId = email.keyId()
                .orElseThrow(() -> new IllegalArgumentException("An address is claimed sealed, not in clear"));
        int claimed = jdbc.sql(
                        """
                        insert into app.email_claim as c (digest, customer_id, key_id) values (:digest, :customer, :key)
                        on conflict (digest) do update set key_id = excluded.key_id
                        where c.customer_id = excluded.customer_id""")
                .param("digest", digest.text())
                .param("customer", customerId)
                .param("key", keyId)
                .update();
        if (claimed == 0) {
            throw new AddressTakenException();
        }
        jdbc.sql("delete from app.email_claim where customer_id = :customer and digest <> :digest")
                .param("digest", digest.text())
                .param("customer", customerId)
                .update();
    }

    /** Whether it is somebody's already; whoever asks and finds it free may still come second. */
    boolean isTaken(EmailDigest digest) {
        return jdbc.sql("select exists (select from app.email_claim where digest = :digest)")
                .param("digest", digest.text())
                .query(Boolean.class)
                .single();
    }

    /** Whoever is erased may register again, and leaves nothing by which the address could be recognised. */
    @EventHandler
    void on(PersonalDataErased event) {
        jdbc.sql("delete from app.email_claim where key_id in (:keys)")
                .param("keys", event.keys().stream().map(DestroyedKey::keyId).toList())
                .update();
    }
}
