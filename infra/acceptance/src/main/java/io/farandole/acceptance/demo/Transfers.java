package io.farandole.acceptance.demo;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Moves money between banks a and b, both ways and in both modes, has one transfer refused, and looks at what the accounts hold. */
final class Transfers implements Demo.Story {

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final String ACCOUNT = "demo";

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(3))
            .build();
    private final String payment;
    private final String run = Long.toString(System.currentTimeMillis(), 36);

    Transfers(Demo.Addresses addresses) {
        payment = addresses.of("payment");
    }

    private record Planned(
            String name, String mode, String from, String to, String account, String amount, String end) {}

    @Override
    public boolean play() throws IOException, InterruptedException {
        BigDecimal a = balance("a");
        BigDecimal b = balance("b");
        System.out.printf("%n  before: a %s EUR, b %s EUR, together %s EUR%n", a, b, a.add(b));
        boolean good = true;
        for (Planned planned : List.of(
                new Planned("there, XA", "XA", "a", "b", ACCOUNT, "25.00", "COMPLETED"),
                new Planned("back, XA", "XA", "b", "a", ACCOUNT, "5.00", "COMPLETED"),
                new Planned("there, saga", "SAGA", "a", "b", ACCOUNT, "10.00", "COMPLETED"),
                new Planned("back, saga", "SAGA", "b", "a", ACCOUNT, "30.00", "COMPLETED"),
                new Planned("to nobody, XA", "XA", "a", "b", "nobody", "1.00", "REFUSED"),
                new Planned("to nobody, saga", "SAGA", "a", "b", "nobody", "1.00", "REFUSED"))) {
            good &= carryOut(planned);
        }
        BigDecimal aAfter = balance("a");
        BigDecimal bAfter = balance("b");
        boolean balanced = aAfter.compareTo(a) == 0 && bAfter.compareTo(b) == 0;
        System.out.printf(
                "  after:  a %s EUR, b %s EUR, together %s EUR%n  The books %s.%n",
                aAfter, bAfter, aAfter.add(bAfter), balanced ? "balance" : "do NOT balance");
        return good && balanced;
    }

    private boolean carryOut(Planned planned) throws IOException, InterruptedException {
        String id =
                "demo-" + run + "-" + planned.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "-");
        long start = System.nanoTime();
        HttpResponse<String> accepted = send(HttpRequest.newBuilder(URI.create(payment + "/transfers"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"transferId\":\"" + id + "\",\"from\":{\"bank\":\""
                        + planned.from() + "\",\"account\":\"" + ACCOUNT + "\"},\"to\":{\"bank\":\"" + planned.to()
                        + "\",\"account\":\"" + planned.account() + "\"},\"amount\":" + planned.amount()
                        + ",\"currency\":\"EUR\",\"mode\":\"" + planned.mode() + "\"}")));
        if (accepted.statusCode() == 400 && accepted.body().contains("XA is not switched on here")) {
            System.out.printf("  %-16s left out: this PostgreSQL lets no transaction be prepared%n", planned.name());
            return true;
        }
        if (accepted.statusCode() != 202) {
            System.out.printf("  %-16s was not accepted: %s%n", planned.name(), accepted.body());
            return false;
        }
        Map<?, ?> transfer = Map.of();
        String status = "PENDING";
        while (status.equals("PENDING") && System.nanoTime() - start < PATIENCE_NANOS) {
            Clerk.pause(POLL_NANOS);
            transfer = Json.object(send(HttpRequest.newBuilder(URI.create(payment + "/transfers/" + id)))
                    .body());
            status = String.valueOf(transfer.get("status"));
        }
        System.out.printf(
                "  %-16s %6s EUR  %s -> %s  %-10s %s%n",
                planned.name(),
                planned.amount(),
                planned.from(),
                planned.to(),
                status,
                transfer.get("reason") == null ? "" : transfer.get("reason"));
        return status.equals(planned.end());
    }

    private BigDecimal balance(String bank) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(URI.create(payment + "/transfers/accounts/" + bank + "/" + ACCOUNT)));
        if (answer.statusCode() != 200) {
            throw new IOException(
                    "What account " + ACCOUNT + " of bank " + bank + " holds is not told: " + answer.body());
        }
        return new BigDecimal(String.valueOf(Json.object(answer.body()).get("balance")));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.timeout(REQUEST_TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
    }
}
