package io.farandole.shop.payment.payroll;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.testkit.RunningContext;
import io.farandole.testservers.Patience;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A company with an account of its own, which starts payrolls over HTTP and asks for them. */
final class Company {

    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Supplier<Integer> port;
    final String account = "acme-" + UUID.randomUUID();

    Company(RunningContext context, String balance) {
        this(context::port, balance);
    }

    Company(Supplier<Integer> port, String balance) {
        this.port = port;
        assertThat(post("/company-accounts/" + account, "{\"currency\":\"EUR\"}")
                        .statusCode())
                .isEqualTo(201);
        assertThat(post(
                                "/company-accounts/" + account + "/deposits",
                                "{\"depositId\":\"d-1\",\"amount\":" + balance + ",\"currency\":\"EUR\"}")
                        .statusCode())
                .isEqualTo(200);
    }

    /** A payroll that pays 10.00 to each of these accounts; an employee's number is its account's place, from 1. */
    final class Payroll {
        private final List<String> payments = new ArrayList<>();
        private String options = "";
        final String id = "p-" + UUID.randomUUID();

        Payroll to(String bank, String... accounts) {
            for (String at : accounts) {
                int number = payments.size() + 1;
                payments.add("{\"employee\":\"e" + number + "\",\"bank\":\"" + bank + "\",\"account\":\"" + at
                        + "\",\"amount\":\"10.00\"}");
            }
            return this;
        }

        Payroll with(String field, String value) {
            options += ",\"" + field + "\":\"" + value + "\"";
            return this;
        }

        String body() {
            return "{\"globalId\":\"" + id + "\",\"companyAccount\":\"" + account + "\",\"currency\":\"EUR\"" + options
                    + ",\"payments\":[" + String.join(",", payments) + "]}";
        }

        Payroll start() {
            HttpResponse<String> answer = post("/payrolls", body());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
            assertThat(answer.headers().firstValue("Location")).contains("/payrolls/" + id);
            return this;
        }

        /** Starts it at a service that may die. */
        void tryToStart() {
            try {
                http.send(request("/payrolls", body()).build(), HttpResponse.BodyHandlers.ofString());
            } catch (IOException e) {
                // It has died before it answered: what became of it is asked for again.
                assertThat(e).isNotNull();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        JsonNode now() {
            return get("/payrolls/" + id);
        }

        /** Waits for that status. */
        JsonNode awaits(String status) {
            return awaits(status, Duration.ofMillis(50));
        }

        /** Waits for that status, looking so often, and answers with the first look that showed it. */
        JsonNode awaits(String status, Duration between) {
            return Patience.await(id + " is " + status)
                    .pollInterval(between)
                    .until(this::now, it -> it.path("status").asString().equals(status));
        }

        /** Waits until so many payments stand there. */
        JsonNode awaitsState(String state, int count) {
            return Patience.await(id + " has " + count + " " + state)
                    .pollInterval(Duration.ofMillis(50))
                    .until(this::now, it -> it.path("states").path(state).asInt() == count);
        }
    }

    Payroll payroll() {
        return new Payroll();
    }

    String balance() {
        return get("/company-accounts/" + account).path("balance").asString();
    }

    JsonNode get(String path) {
        return JSON.readTree(send(HttpRequest.newBuilder(uri(path)).build()).body());
    }

    HttpResponse<String> post(String path, String body, String... headers) {
        HttpRequest.Builder request = request(path, body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    private HttpRequest.Builder request(String path, String body) {
        return HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port.get() + path);
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
