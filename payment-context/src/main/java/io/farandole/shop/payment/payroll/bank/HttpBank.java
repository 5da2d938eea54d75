package io.farandole.shop.payment.payroll.bank;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;

/**
 * A bank over HTTP: {@code POST <url>/payroll/<global id>/<branch>} pays, {@code DELETE} takes back. Redirects are not followed. An
 * answer of more than {@value BankReply#LONGEST} bytes is none of the agreed ones. Thread-safe.
 */
final class HttpBank implements Bank {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int OK = 200;
    private static final int CONFLICT = 409;
    private static final int UNPROCESSABLE = 422;

    private final String base;
    private final BankSettings settings;
    private final HttpClient client;

    HttpBank(BankSettings settings) {
        String url = settings.url().toString();
        this.base = (url.endsWith("/") ? url.substring(0, url.length() - 1) : url) + "/payroll/";
        this.settings = settings;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.connectTimeout())
                .build();
    }

    @Override
    public BankAnswer pay(BankPayment payment, Phase phase) {
        String query =
                switch (phase) {
                    case WHOLE -> "";
                    case TRY -> "?phase=try";
                    case CONFIRM -> "?phase=confirm";
                };
        PaymentBody body = PaymentBody.of(payment);
        return send(
                HttpRequest.newBuilder(uri(payment.globalId(), payment.branch(), query))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body))),
                phase == Phase.TRY ? BankReply.HELD : BankReply.COMMITTED);
    }

    @Override
    public BankAnswer takeBack(String globalId, String branch) {
        return send(HttpRequest.newBuilder(uri(globalId, branch, "")).DELETE(), BankReply.COMPENSATED);
    }

    private BankAnswer send(HttpRequest.Builder request, String done) {
        try {
            HttpResponse<InputStream> response =
                    client.send(request.timeout(settings.timeout()).build(), HttpResponse.BodyHandlers.ofInputStream());
            String body;
            try (InputStream answer = response.body()) {
                body = new String(answer.readNBytes(BankReply.LONGEST), StandardCharsets.UTF_8);
            }
            return switch (response.statusCode()) {
                case OK -> BankReply.success(body, done);
                case CONFLICT, UNPROCESSABLE -> BankReply.refusal(body);
                default -> BankAnswer.unknown("status " + response.statusCode());
            };
        } catch (HttpTimeoutException e) {
            return BankAnswer.unknown("no answer within the time-out");
        } catch (IOException e) {
            return BankAnswer.unknown("connection: " + e.getClass().getSimpleName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return BankAnswer.unknown("interrupted");
        }
    }

    /** Ids have none but letters, digits and {@code . _ ~ -}: nothing to encode. */
    private URI uri(String globalId, String branch, String query) {
        return URI.create(base + globalId + "/" + branch + query);
    }
}
