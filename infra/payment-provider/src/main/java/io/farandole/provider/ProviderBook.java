package io.farandole.provider;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The provider's memory and rules: payments, and what was answered under which idempotency key. Thread-safe; one
 * operation at a time, so that a capture and a void of the same payment cannot both take effect.
 */
final class ProviderBook {

    private static final int FLAKY_FAILURES = 2;

    private final Map<String, Payment> payments = new TreeMap<>();
    private final Map<String, Remembered> answers = new HashMap<>();
    private final Map<String, Integer> flakyAttempts = new HashMap<>();
    private final Consumer<Entry> log;

    /** @param log told of each operation that is remembered, in order, before it is answered */
    ProviderBook(Consumer<Entry> log) {
        this.log = log;
    }

    /** Does what is asked, or answers what was answered before under the key. */
    synchronized Answer handle(Operation operation, String key, ProviderRequest request) {
        Remembered before = answers.get(key);
        if (before != null && !before.isFor(operation, request)) {
            return Answer.CONFLICT;
        }
        Behaviour behaviour = behaviour(request);
        if (behaviour == Behaviour.DOWN || (behaviour == Behaviour.CAPTURE_DOWN && operation == Operation.CAPTURE)) {
            return Answer.OUT_OF_ORDER;
        }
        int attempt = behaviour == Behaviour.FLAKY ? flakyAttempts.merge(key, 1, Integer::sum) : FLAKY_FAILURES + 1;
        if (attempt < FLAKY_FAILURES) {
            return Answer.OUT_OF_ORDER;
        }
        Result result = before == null ? perform(operation, key, request, behaviour) : before.result();
        if (attempt == FLAKY_FAILURES) {
            return Answer.OUT_OF_ORDER;
        }
        return new Answer(200, result, behaviour == Behaviour.SLOW);
    }

    /** Does again what was logged by an earlier run. */
    synchronized void restore(Entry entry) {
        ProviderRequest request = new ProviderRequest(entry.paymentId(), entry.amountMinor(), entry.currency(), null);
        apply(entry.operation(), request, entry.behaviour());
        answers.put(entry.key(), Remembered.of(entry));
    }

    synchronized List<LedgerEntry> ledger() {
        return payments.values().stream().map(Payment::entry).toList();
    }

    synchronized Optional<LedgerEntry> find(String paymentId) {
        return Optional.ofNullable(payments.get(paymentId)).map(Payment::entry);
    }

    private Behaviour behaviour(ProviderRequest request) {
        String token = request.token();
        Payment known = payments.get(request.paymentId());
        if (known != null && known.behaviour() != Behaviour.UNKNOWN) {
            return known.behaviour();
        }
        return token == null ? Behaviour.UNKNOWN : Behaviour.of(token);
    }

    private Result perform(Operation operation, String key, ProviderRequest request, Behaviour behaviour) {
        Result result = apply(operation, request, behaviour);
        Entry entry = new Entry(
                operation,
                key,
                request.paymentId(),
                request.amountMinor(),
                request.currency(),
                behaviour,
                result.status(),
                result.reason());
        log.accept(entry);
        answers.put(key, Remembered.of(entry));
        return result;
    }

    private Result apply(Operation operation, ProviderRequest request, Behaviour behaviour) {
        if (operation == Operation.CAPTURE && !payments.containsKey(request.paymentId())) {
            return Result.refused("not-authorized");
        }
        if (operation == Operation.REFUND && !payments.containsKey(request.paymentId())) {
            return Result.refused("not-captured");
        }
        Payment payment =
                payments.computeIfAbsent(request.paymentId(), id -> new Payment(id, behaviour, request.currency()));
        return switch (operation) {
            case AUTHORIZE -> payment.authorize(request.amountMinor());
            case CAPTURE -> payment.capture(request.amountMinor(), request.currency());
            case VOID -> payment.cancel();
            case REFUND -> payment.refund(request.amountMinor(), request.currency());
        };
    }

    private record Remembered(Operation operation, String paymentId, long amountMinor, String currency, Result result) {

        static Remembered of(Entry entry) {
            return new Remembered(
                    entry.operation(),
                    entry.paymentId(),
                    entry.amountMinor(),
                    entry.currency(),
                    new Result(entry.status(), entry.reason()));
        }

        boolean isFor(Operation asked, ProviderRequest request) {
            return operation == asked
                    && paymentId.equals(request.paymentId())
                    && amountMinor == request.amountMinor()
                    && currency.equals(request.currency());
        }
    }
}
