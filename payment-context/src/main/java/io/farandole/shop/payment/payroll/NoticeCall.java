package io.farandole.shop.payment.payroll;

import io.farandole.messaging.JsonCodec;
import io.farandole.saga.outside.Outcome;
import io.farandole.saga.outside.OutsideCallHandler;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Posts the end of a payroll to its initiator, with {@code Idempotency-Key: <global id>}, and signed if there is a secret. Any answer of
 * the 200s counts as taken; anything else is tried again with back-off until the time limit. Redirects are not followed. Thread-safe.
 */
final class NoticeCall implements OutsideCallHandler<PayrollNotice, NoticeCall.Told> {

    static final String KIND = "payroll-notice";

    private static final int HUNDRED = 100;
    private static final String HMAC = "HmacSHA256";

    private final PayrollSettings.Callback settings;
    private final JsonCodec codec;
    private final HttpClient http;

    NoticeCall(PayrollSettings.Callback settings, JsonCodec codec) {
        this.settings = settings;
        this.codec = codec;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.timeout())
                .build();
    }

    /** What became of it; {@code failure} is null if the initiator has taken it. */
    record Told(@Nullable String failure) {}

    /** What is posted. */
    private record Body(
            String globalId, PayrollOutcome outcome, String currency, long paid, long returned, long shortfall) {}

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Class<PayrollNotice> requestType() {
        return PayrollNotice.class;
    }

    @Override
    public Class<Told> resultType() {
        return Told.class;
    }

    @Override
    public Outcome<Told> call(PayrollNotice notice, String idempotencyKey)
            throws IOException, InterruptedException, GeneralSecurityException {
        String body = codec.write(new Body(
                notice.globalId(),
                notice.outcome(),
                notice.paid().currency(),
                notice.paid().minor(),
                notice.returned().minor(),
                notice.shortfall().minor()));
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(notice.callbackUrl()))
                .timeout(settings.timeout())
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", idempotencyKey)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        String secret = settings.secret();
        if (secret != null) {
            request.header("Payroll-Signature", "sha256=" + signature(secret, body));
        }
        int status = http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
        return status / HUNDRED == 2 ? Outcome.known(new Told(null)) : Outcome.unknown("status " + status);
    }

    private static String signature(String secret, String body) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(HMAC);
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), HMAC));
        return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public Object command(PayrollNotice notice, Told told) {
        return new PayrollCommand.RecordNotice(notice.globalId(), told.failure());
    }

    @Override
    public Told onTimeLimit(PayrollNotice notice) {
        return new Told("no answer of the 200s within the time limit");
    }
}
