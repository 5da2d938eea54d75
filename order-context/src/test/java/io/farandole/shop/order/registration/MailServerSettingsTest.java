package io.farandole.shop.order.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.boot.OutsideCallProperties;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.mail.javamail.JavaMailSenderImpl;

class MailServerSettingsTest {

    private static final RegistrationSettings.Mail MAIL =
            new RegistrationSettings.Mail("shop@example.org", null, Duration.ofSeconds(10), Duration.ofSeconds(60));

    @Test
    void timeOutsAreSetWhereTheConfigurationSetsNone() {
        JavaMailSenderImpl server = server("127.0.0.1");
        server.getJavaMailProperties().setProperty("mail.smtp.timeout", "5000");
        MailServerSettings.apply(server, MAIL, lease(Duration.ofMinutes(15)));
        assertThat(server.getJavaMailProperties())
                .containsEntry("mail.smtp.connectiontimeout", "10000")
                .containsEntry("mail.smtp.timeout", "5000")
                .containsEntry("mail.smtp.writetimeout", "60000")
                .containsEntry("mail.smtp.quitwait", "false");
    }

    @Test
    void anotherHostWithoutEncryptionStopsTheStart() {
        assertThatThrownBy(() -> MailServerSettings.apply(server("192.0.2.1"), MAIL, lease(Duration.ofMinutes(20))))
                .hasMessageContaining("spring.mail.properties.mail.smtp.starttls.required=true");
        JavaMailSenderImpl encrypted = server("192.0.2.1");
        encrypted.getJavaMailProperties().setProperty("mail.smtp.starttls.required", "true");
        assertThatCode(() -> MailServerSettings.apply(encrypted, MAIL, lease(Duration.ofMinutes(20))))
                .doesNotThrowAnyException();
    }

    @Test
    void aLeaseThatASlowServerOutlastsStopsTheStart() {
        assertThatThrownBy(() -> MailServerSettings.apply(server("127.0.0.1"), MAIL, lease(Duration.ofMinutes(11))))
                .hasMessageContaining("farandole.outside-calls.kinds.welcome-mail.lease");
    }

    @Test
    void aTimeOutThatIsNoneStopsTheStart() {
        JavaMailSenderImpl server = server("127.0.0.1");
        server.getJavaMailProperties().setProperty("mail.smtp.timeout", "0");
        assertThatThrownBy(() -> MailServerSettings.apply(server, MAIL, lease(Duration.ofMinutes(20))))
                .hasMessageContaining("spring.mail.properties.mail.smtp.timeout");
    }

    @Test
    void authenticationWithoutAPasswordStopsTheStart() {
        JavaMailSenderImpl server = server("127.0.0.1");
        server.getJavaMailProperties().setProperty("mail.smtp.auth", "true");
        assertThatThrownBy(() -> MailServerSettings.apply(server, MAIL, lease(Duration.ofMinutes(20))))
                .hasMessageContaining("spring.mail.password");
    }

    @Test
    void aClaimKeyThatCanBeGuessedStopsTheStart() {
        for (@Nullable String bad : new @Nullable String[] {
            null, " ", "%%%", "c2hvcnQ=", Base64.getEncoder().encodeToString(new byte[32])
        }) {
            assertThatThrownBy(() -> ClaimKey.parse(bad)).hasMessageContaining("shop.registration.claim-key");
        }
    }

    private static JavaMailSenderImpl server(String host) {
        JavaMailSenderImpl server = new JavaMailSenderImpl();
        server.setHost(host);
        return server;
    }

    private static OutsideCallProperties lease(Duration lease) {
        return new OutsideCallProperties(
                1,
                lease,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofHours(1),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                1,
                Duration.ofDays(1),
                Map.of());
    }
}
