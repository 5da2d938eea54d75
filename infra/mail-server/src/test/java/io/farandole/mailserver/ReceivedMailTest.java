package io.farandole.mailserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ReceivedMailTest {

    @Test
    void headersAreReadWithTheirFoldedLines() {
        ReceivedMail mail = ReceivedMail.of(
                Instant.EPOCH,
                "shop@example.org",
                "ada@example.org",
                "Subject: one\r\n two\r\nmessage-id: <1@x>\r\n\r\nSubject: in the body\r\n"
                        .getBytes(StandardCharsets.UTF_8));
        assertThat(mail.subject()).isEqualTo("one two");
        assertThat(mail.messageId()).isEqualTo("<1@x>");
    }

    @Test
    void anAddressSaysHowTheServerBehaves() {
        assertThat(Behaviour.of("Unknown-1@example.org")).isEqualTo(Behaviour.UNKNOWN);
        assertThat(Behaviour.of("ada@example.org")).isEqualTo(Behaviour.OK);
    }

    @Test
    void pagesShowNoMarkupOfOthers() {
        assertThat(MailPages.escaped("<b>&")).isEqualTo("&lt;b&gt;&amp;");
    }
}
