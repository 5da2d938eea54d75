package io.farandole.shop.order.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmailAddressTest {

    private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    @Test
    void theDomainIsWrittenInAsciiAndLowerCase() {
        assertThat(EmailAddress.parse("Ada.L@EXAMPLE.org").text()).isEqualTo("Ada.L@example.org");
        assertThat(EmailAddress.parse("ada@münchen.example").text()).isEqualTo("ada@xn--mnchen-3ya.example");
    }

    @Test
    void addressesThatDifferInCaseOnlyAreTheSame() {
        assertThat(EmailAddress.parse("Ada@Example.ORG").digest(KEY))
                .isEqualTo(EmailAddress.parse("ada@example.org").digest(KEY))
                .isNotEqualTo(EmailAddress.parse("adb@example.org").digest(KEY));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "@",
                "ada",
                "ada@",
                "@example.org",
                "ada@localhost",
                "ada@example",
                "ada@-example.org",
                "ada@example..org",
                "ada@example.123",
                "ada@[127.0.0.1]",
                ".ada@example.org",
                "ada.@example.org",
                "a..da@example.org",
                "\"ada lovelace\"@example.org",
                "ada lovelace@example.org",
                "Ada <ada@example.org>",
                "ada@example.org,bob@example.org",
                "ada@example.org\r\nBcc: eve@example.org",
                "ada\r\nBcc: eve@example.org",
                "ada\u0000@example.org",
                "ада@example.org",
                "a@b@example.org",
            })
    void whatIsNoPlainAddressIsRefusedAndNotRepeated(String text) {
        assertThatThrownBy(() -> EmailAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("has ")
                .hasMessageNotContaining("example");
    }

    @Test
    void oneThatIsTooLongIsRefused() {
        String local = "a".repeat(64);
        String label = "b".repeat(60);
        assertThat(EmailAddress.parse(local + "@" + label + ".org").local()).hasSize(64);
        assertThatThrownBy(() -> EmailAddress.parse("a" + local + "@example.org"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        EmailAddress.parse(local + "@" + label + "." + label + "." + label + "." + label + ".org"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nothingTellsTheAddress() {
        assertThat(EmailAddress.parse("ada@example.org").toString()).doesNotContain("ada");
        assertThat(EmailAddress.parse("ada@example.org").digest(KEY).toString()).isEqualTo("EmailDigest");
    }
}
