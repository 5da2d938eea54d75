package io.farandole.shop.order.registration;

import io.farandole.messaging.Personal;
import io.farandole.shop.order.registration.CustomerEvent.CustomerRegistered;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.PostLoad;
import jakarta.persistence.PostPersist;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Persistable;

/** One customer. */
@Entity
@Table(name = "customer")
class CustomerView implements Persistable<String> {

    @Id
    @Column(name = "customer_id")
    private String customerId;

    @Column(nullable = false)
    private String email;

    @Column(nullable = false, updatable = false)
    private String name;

    @Column(name = "registered_at", nullable = false, updatable = false)
    private Instant registeredAt;

    @Enumerated(EnumType.STRING)
    @Column(name = "mail_state", nullable = false, columnDefinition = "text")
    private MailState mailState;

    @Column(name = "mail_round", nullable = false)
    private int mailRound;

    @Column(name = "mail_since", nullable = false)
    private Instant mailSince;

    @Column(name = "mail_text")
    private @Nullable String mailText;

    @Transient
    private boolean stored;

    @SuppressWarnings("NullAway") // JPA's
    protected CustomerView() {}

    CustomerView(CustomerRegistered event, Instant at) {
        customerId = event.customerId();
        email = event.email().text();
        name = event.name().text();
        registeredAt = at;
        mailState = MailState.PENDING;
        mailSince = at;
    }

    void email(Personal corrected) {
        email = corrected.text();
    }

    void mail(MailState state, int round, @Nullable String text, Instant at) {
        mailState = state;
        mailRound = round;
        mailText = text;
        mailSince = at;
    }

    @Override
    public String getId() {
        return customerId;
    }

    @Override
    public boolean isNew() {
        return !stored;
    }

    @PostLoad
    @PostPersist
    void isStored() {
        stored = true;
    }

    Personal email() {
        return Personal.parse(email);
    }

    Personal name() {
        return Personal.parse(name);
    }

    Instant registeredAt() {
        return registeredAt;
    }

    MailState mailState() {
        return mailState;
    }

    int mailRound() {
        return mailRound;
    }

    Instant mailSince() {
        return mailSince;
    }

    /** Why it has failed; null otherwise. */
    @Nullable String mailText() {
        return mailText;
    }
}
