package io.farandole.boot.status;

import io.farandole.boot.status.ProcessOverview.Awaited;
import io.farandole.boot.status.ProcessOverview.Missing;
import io.farandole.messaging.CodecException;
import io.farandole.messaging.JsonCodec;
import io.farandole.saga.status.ProcessStatus;
import io.farandole.saga.status.ProcessStatuses;
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
 * Asks this context, and all others at once, where a process stands. One that does not answer in time, or not so that it can be
 * understood, is named as missing; the others' answers stand. Thread-safe.
 */
public final class ProcessOverviews {

    private static final Logger log = LoggerFactory.getLogger(ProcessOverviews.class);
    private static final int OK = 200;

    private final ProcessStatuses own;
    private final ContextAddresses others;
    private final JsonCodec codec;
    private final HttpClient http;

    ProcessOverviews(ProcessStatuses own, ContextAddresses others, JsonCodec codec) {
        this.own = own;
        this.others = others;
        this.codec = codec;
        this.http =
                HttpClient.newBuilder().connectTimeout(others.answerWithin()).build();
    }

    /** Where a process stands; waits for the slowest context, for as long as one may take. */
    public ProcessOverview of(String processKey) {
        Map<String, CompletableFuture<ProcessStatus>> asked = new TreeMap<>();
        others.contexts().forEach((context, address) -> asked.put(context, ask(address, processKey)));
        List<ProcessStatus> told = new ArrayList<>();
        List<Missing> missing = new ArrayList<>();
        told.add(own.of(processKey));
        asked.forEach((context, answer) -> {
            try {
                told.add(answer.join());
            } catch (CompletionException e) {
                log.warn("Context {} does not tell where a process stands: {}", context, String.valueOf(e.getCause()));
                missing.add(new Missing(context, reason(e.getCause())));
            }
        });
        List<ProcessStatus> known = told.stream().filter(ProcessStatus::isKnown).toList();
        return new ProcessOverview(
                processKey,
                known,
                missing,
                known.stream().flatMap(it -> awaited(it).stream()).toList());
    }

    private CompletableFuture<ProcessStatus> ask(URI address, String processKey) {
        URI question = URI.create(address.toString().replaceFirst("/$", "") + "/process?key="
                + URLEncoder.encode(processKey, StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(question)
                .timeout(others.answerWithin())
                .header("Accept", "application/json")
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(this::read);
    }

    private ProcessStatus read(HttpResponse<String> response) {
        if (response.statusCode() != OK) {
            throw new CompletionException(new IOException("answered " + response.statusCode()));
        }
        return codec.read(response.body(), ProcessStatus.class);
    }

    private String reason(@Nullable Throwable failure) {
        if (failure instanceof HttpTimeoutException) {
            return "did not answer within " + others.answerWithin().toMillis() + " ms";
        }
        if (failure instanceof CodecException) {
            return "gave an answer that cannot be understood";
        }
        return failure instanceof IOException told
                        && String.valueOf(told.getMessage()).startsWith("answered ")
                ? String.valueOf(told.getMessage())
                : "cannot be reached";
    }

    private static List<Awaited> awaited(ProcessStatus status) {
        return status.sagas().stream()
                .flatMap(saga -> saga.steps().stream()
                        .filter(step -> !step.awaits().isEmpty())
                        .map(step -> new Awaited(
                                status.context(),
                                saga.saga(),
                                step.step(),
                                step.awaits(),
                                step.deadline(),
                                step.overdue())))
                .toList();
    }
}
