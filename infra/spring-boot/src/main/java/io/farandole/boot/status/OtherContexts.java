package io.farandole.boot.status;

import io.farandole.messaging.CodecException;
import io.farandole.messaging.JsonCodec;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks all other contexts at once about a process, at an endpoint of theirs. One that does not answer in time, or not so that it can be
 * understood, is named as missing; the others' answers stand. Thread-safe.
 */
public final class OtherContexts {

    private static final Logger log = LoggerFactory.getLogger(OtherContexts.class);
    private static final int OK = 200;

    private final ContextAddresses addresses;
    private final JsonCodec codec;
    private final HttpClient http;

    OtherContexts(ContextAddresses addresses, JsonCodec codec) {
        this.addresses = addresses;
        this.codec = codec;
        this.http =
                HttpClient.newBuilder().connectTimeout(addresses.answerWithin()).build();
    }

    /** A question on its way. */
    public interface Asked<T> {

        /** Waits for the slowest context, for as long as one may take. */
        Answers<T> answers();
    }

    /**
     * What was answered.
     *
     * @param told by those that answered, in the order of their names
     * @param missing those that did not
     */
    public record Answers<T>(List<T> told, List<Missing> missing) {

        public Answers {
            told = List.copyOf(told);
            missing = List.copyOf(missing);
        }
    }

    /**
     * A context that gave no answer.
     *
     * @param reason why, without addresses
     */
    public record Missing(String context, String reason) {}

    /** Asks {@code <base>/<endpoint>?key=<processKey>} of each; does not wait. */
    public <T> Asked<T> ask(String endpoint, String processKey, Class<T> answer) {
        Map<String, CompletableFuture<T>> asked = new TreeMap<>();
        addresses.contexts().forEach((context, base) -> asked.put(context, ask(base, endpoint, processKey, answer)));
        return () -> {
            List<T> told = new ArrayList<>();
            List<Missing> missing = new ArrayList<>();
            asked.forEach((context, future) -> {
                try {
                    told.add(future.join());
                } catch (CompletionException e) {
                    log.warn(
                            "Context {} does not tell its {} of a process: {}",
                            context,
                            endpoint,
                            String.valueOf(e.getCause()));
                    missing.add(new Missing(context, reason(e.getCause())));
                }
            });
            return new Answers<>(told, missing);
        };
    }

    private <T> CompletableFuture<T> ask(URI base, String endpoint, String processKey, Class<T> answer) {
        URI question = URI.create(base.toString().replaceFirst("/$", "") + "/" + endpoint + "?key="
                + URLEncoder.encode(processKey, StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(question)
                .timeout(addresses.answerWithin())
                .header("Accept", "application/json")
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .thenApply(response -> read(response, answer));
    }

    private <T> T read(HttpResponse<String> response, Class<T> answer) {
        if (response.statusCode() != OK) {
            throw new CompletionException(new IOException("answered " + response.statusCode()));
        }
        return codec.read(response.body(), answer);
    }

    private String reason(@Nullable Throwable failure) {
        if (failure instanceof HttpTimeoutException) {
            return "did not answer within " + addresses.answerWithin().toMillis() + " ms";
        }
        if (failure instanceof CodecException) {
            return "gave an answer that cannot be understood";
        }
        return failure instanceof IOException told
                        && String.valueOf(told.getMessage()).startsWith("answered ")
                ? String.valueOf(told.getMessage())
                : "cannot be reached";
    }
}
