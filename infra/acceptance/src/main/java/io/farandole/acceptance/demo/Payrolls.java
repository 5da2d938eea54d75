package io.farandole.acceptance.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Pays employees at banks that are slow, flaky, die and refuse: everybody once, or what was paid is taken back; and looks into the
 * employees' accounts and the company's books.
 */
final class Payrolls implements Demo.Story {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int OK = 200;
    private static final int MULTIPLE_CHOICES = 300;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(3))
            .build();
    private final String payment;
    private final String bank;
    private final String run = Long.toString(System.currentTimeMillis(), 36);
    private final String company = "acme-" + run;
    private boolean good = true;

    Payrolls(Demo.Addresses addresses) {
        this.payment = addresses.of("payment");
        this.bank = addresses.of("banks") + "/north";
    }

    @Override
    public boolean play() throws IOException, InterruptedException {
        for (String account : List.of("DE-1", "slow-1", "flaky-1", "die-1", "refuse-1", "spend-1")) {
            send(
                    "POST",
                    bank + "/accounts",
                    "{\"account\":\"" + at(account) + "\",\"currency\":\"EUR\",\"balance\":0}");
        }
        String account = payment + "/company-accounts/" + company;
        send("POST", account, "{\"currency\":\"EUR\"}");
        send("POST", account + "/deposits", "{\"depositId\":\"d-1\",\"amount\":\"1000.00\",\"currency\":\"EUR\"}");
        System.out.printf(
                "%n  %-10s %-8s %-12s %8s %8s %9s%n", "payroll", "policy", "status", "paid", "returned", "shortfall");
        paysAll();
        takesBack();
        leavesAShortfall();
        String balance = text(send("GET", account, ""), "balance");
        fact("950.00".equals(balance), "The company's account has " + balance + " of 1000.00");
        return good;
    }

    private void paysAll() throws IOException, InterruptedException {
        ended("all", "REVERSE", "PAID", "40.00", "0.00", "0.00", "DE-1", "slow-1", "flaky-1", "die-1");
        for (String each : List.of("DE-1", "slow-1", "flaky-1", "die-1")) {
            fact(balance(each).equals("1000"), "Account " + each + " was paid once: " + balance(each) + " cents");
        }
    }

    private void takesBack() throws IOException, InterruptedException {
        ended("refused", "REVERSE", "REVERSED", "0.00", "30.00", "0.00", "DE-1", "flaky-1", "refuse-1");
        fact(balance("DE-1").equals("1000"), "Account DE-1 has what it had before: " + balance("DE-1") + " cents");
    }

    private void leavesAShortfall() throws IOException, InterruptedException {
        ended("spent", "REVERSE", "SHORT", "0.00", "20.00", "10.00", "DE-1", "spend-1", "refuse-1");
        System.out.println("    The employee of spend-1 has spent half of it: a person has to decide");
    }

    private void ended(
            String name,
            String policy,
            String status,
            String paid,
            String returned,
            String shortfall,
            String... accounts)
            throws IOException, InterruptedException {
        StringBuilder payments = new StringBuilder();
        for (int i = 0; i < accounts.length; i++) {
            payments.append(i == 0 ? "" : ",")
                    .append("{\"employee\":\"e" + (i + 1) + "\",\"bank\":\"north\",\"account\":\"" + at(accounts[i])
                            + "\",\"amount\":\"10.00\"}");
        }
        String id = name + "-" + run;
        send(
                "POST",
                payment + "/payrolls",
                "{\"globalId\":\"" + id + "\",\"companyAccount\":\"" + company
                        + "\",\"currency\":\"EUR\",\"onFailure\":\"" + policy + "\",\"payments\":[" + payments + "]}");
        long start = System.nanoTime();
        Map<?, ?> now = Map.of();
        boolean asExpected = false;
        while (!asExpected && System.nanoTime() - start < PATIENCE.toNanos()) {
            Clerk.pause(POLL_NANOS);
            now = send("GET", payment + "/payrolls/" + id, "");
            asExpected = text(now, "status").equals(status)
                    && text(now, "paid").equals(paid)
                    && text(now, "returned").equals(returned)
                    && text(now, "shortfall").equals(shortfall);
        }
        System.out.printf(
                "  %-10s %-8s %-12s %8s %8s %9s%s%n",
                name,
                policy,
                text(now, "status"),
                text(now, "paid"),
                text(now, "returned"),
                text(now, "shortfall"),
                asExpected ? "" : "   NOT AS EXPECTED: " + status);
        good &= asExpected;
    }

    private String at(String account) {
        return account + run;
    }

    private String balance(String account) throws IOException, InterruptedException {
        return text(send("GET", bank + "/accounts/" + at(account), ""), "balance");
    }

    private static String text(Map<?, ?> body, String field) {
        Object value = body.get(field);
        return value == null ? "" : value.toString();
    }

    private void fact(boolean asExpected, String sentence) {
        System.out.println("  " + (asExpected ? "" : "NOT AS EXPECTED: ") + sentence);
        good &= asExpected;
    }

    private Map<?, ?> send(String method, String url, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(10))
                .header("content-type", "application/json")
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() < OK || response.statusCode() >= MULTIPLE_CHOICES) {
            throw new IOException(
                    method + " " + url + " was answered " + response.statusCode() + ": " + response.body());
        }
        return Json.object(response.body());
    }
}
