package io.farandole.acceptance.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Registers customers whose mail server behaves in all the ways that mail servers do, and looks into their mailboxes: each has
 * one welcome mail in effect, and the one whose address nobody knows waits for a person.
 */
final class Registration implements Demo.Story {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(3))
            .build();
    private final String customers;
    private final String mails;
    private final String domain = "r" + Long.toString(System.currentTimeMillis(), 36) + ".example";
    private boolean good = true;

    Registration(Demo.Addresses addresses) {
        this.customers = addresses.of("order") + "/customers";
        this.mails = addresses.of("mail") + "/mails";
    }

    /** A customer, and what is told of it. */
    private record Answer(int status, Map<?, ?> body) {
        String text(String field) {
            Object value = body.get(field);
            return value == null ? "" : value.toString();
        }
    }

    @Override
    public boolean play() throws IOException, InterruptedException {
        System.out.printf("%n  %-9s %-8s %-8s %-6s %s%n", "customer", "mail", "attempts", "copies", "");
        Map<String, String> ids = new LinkedHashMap<>();
        for (String name : List.of("ada", "slow", "grey", "cut", "unknown")) {
            ids.put(name, register(name).text("customerId"));
        }
        Answer second = register("Ada");
        fact(second.status() == 409, "Ada registers a second time: " + second.status() + " " + second.text("detail"));
        for (String name : List.of("ada", "slow", "grey", "cut")) {
            ended(name, id(ids, name), "SENT", name);
        }
        String unknown = id(ids, "unknown");
        Map<?, ?> failed = ended("unknown", unknown, "FAILED", "unknown");
        System.out.println("    " + failed.get("text"));
        Answer corrected =
                send("PUT", customers + "/" + unknown + "/email", "{\"email\":\"" + address("found") + "\"}");
        fact(corrected.status() == 202, "The address is corrected: " + corrected.status());
        ended("found", unknown, "SENT", "found");
        fact(copies("unknown").isEmpty(), "Nothing went to the wrong address");
        return good;
    }

    private static String id(Map<String, String> ids, String name) {
        return Objects.requireNonNull(ids.get(name));
    }

    private Answer register(String name) throws IOException, InterruptedException {
        return send("POST", customers, "{\"email\":\"" + address(name) + "\",\"name\":\"" + name + "\"}");
    }

    private String address(String name) {
        return name + "-1@" + domain;
    }

    /** Waits for a state of the mail, and compares the mailbox with it. */
    private Map<?, ?> ended(String name, String id, String state, String mailbox)
            throws IOException, InterruptedException {
        Map<?, ?> mail = Map.of();
        long start = System.nanoTime();
        while (!state.equals(mail.get("state")) && System.nanoTime() - start < PATIENCE.toNanos()) {
            Clerk.pause(POLL_NANOS);
            mail = send("GET", customers + "/" + id, "").body().get("welcomeMail") instanceof Map<?, ?> told
                    ? told
                    : Map.of();
        }
        List<String> copies = copies(mailbox);
        boolean one = copies.stream().distinct().count() == (state.equals("SENT") ? 1 : 0);
        System.out.printf(
                "  %-9s %-8s %-8s %-6d %s%n",
                name,
                mail.get("state"),
                mail.get("attempts"),
                copies.size(),
                copies.size() > 1 ? "under one Message-ID: the server broke off before its answer" : "");
        good &= state.equals(mail.get("state")) && one;
        return mail;
    }

    /** The Message-IDs in a mailbox, one per copy. */
    private List<String> copies(String mailbox) throws IOException, InterruptedException {
        List<String> ids = new ArrayList<>();
        Object all = Json.read(body(mails));
        for (Object entry : all instanceof List<?> list ? list : List.of()) {
            if (entry instanceof Map<?, ?> mail && address(mailbox).equals(mail.get("to"))) {
                ids.add(String.valueOf(mail.get("messageId")));
            }
        }
        return ids;
    }

    private void fact(boolean asExpected, String sentence) {
        System.out.println("  " + (asExpected ? "" : "NOT AS EXPECTED: ") + sentence);
        good &= asExpected;
    }

    private Answer send(String method, String url, String body) throws IOException, InterruptedException {
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
        return new Answer(response.statusCode(), Json.object(response.body()));
    }

    private String body(String url) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(10))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
}
