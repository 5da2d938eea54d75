package io.farandole.mailserver;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** The mails received, for people and for programs. */
final class MailPages {

    private static final JsonMapper JSON = new JsonMapper();

    private final Mailboxes mailboxes;

    MailPages(Mailboxes mailboxes) {
        this.mailboxes = mailboxes;
    }

    void json(HttpExchange exchange) throws IOException {
        answer(exchange, "application/json", JSON.writeValueAsBytes(mailboxes.all()));
    }

    void page(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestURI().getPath().equals("/")) {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
            return;
        }
        List<ReceivedMail> mails = mailboxes.all();
        StringBuilder page = new StringBuilder("<!doctype html><meta charset=utf-8><title>Mails</title><h1>")
                .append(mails.size())
                .append(" mails</h1><table><tr><th>at<th>to<th>subject<th>Message-ID</tr>");
        for (ReceivedMail mail : mails) {
            page.append("<tr><td>")
                    .append(mail.receivedAt())
                    .append("<td>")
                    .append(escaped(mail.to()))
                    .append("<td>")
                    .append(escaped(mail.subject()))
                    .append("<td>")
                    .append(escaped(mail.messageId()))
                    .append("</tr>");
        }
        answer(
                exchange,
                "text/html; charset=utf-8",
                page.append("</table>").toString().getBytes(StandardCharsets.UTF_8));
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static void answer(HttpExchange exchange, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
        exchange.close();
    }
}
