package io.farandole.shop.order.registration;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.MessagingException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmtpFailureTest {

    @ParameterizedTest
    @CsvSource({
        "550, 550 5.1.1 <ada@example.org> no such mailbox, true, true, 550 5.1.1 at RCPT",
        "550, 550-5.1.1 <ada@example.org> no such mailbox, true, true, 550 5.1.1 at RCPT",
        "550, 550 <ada@example.org> unknown, true, true, 550 at RCPT",
        "553, 553 not allowed, true, true, 553 at RCPT",
        "550, 550 5.2.1 disabled, true, true, 550 5.2.1 at RCPT",
        "550, 550 5.7.1 relaying denied, true, false, 550 5.7.1 at RCPT",
        "550, 550 5.1.8 bad sender, true, false, 550 5.1.8 at RCPT",
        "552, 552 5.2.2 mailbox full, true, false, 552 5.2.2 at RCPT",
        "554, 554 no, true, false, 554 at RCPT",
        "451, 451 4.1.1 later, true, false, 451 4.1.1 at RCPT",
        "550, 550 5.1.1 from whom?, false, false, 550 5.1.1",
        "554, 554 5.7.0 spam, false, false, 554 5.7.0",
        "-1, [EOF], false, false, the connection broke before the answer",
    })
    void onlyARefusedRecipientWhomNobodyKnowsIsTheAddressesFault(
            int code, String words, boolean toRecipient, boolean ofTheAddress, String text) {
        assertThat(SmtpFailure.reply(code, words, toRecipient)).isEqualTo(new SmtpFailure(ofTheAddress, text));
    }

    @Test
    void aConnectionThatFailsIsToldByItsClass() {
        SmtpFailure failure = SmtpFailure.of(new MessagingException(
                "could not send to ada@example.org", new ConnectException("mail.example.org refused")));
        assertThat(failure).isEqualTo(new SmtpFailure(false, "no connection, or a broken one: ConnectException"));
    }
}
