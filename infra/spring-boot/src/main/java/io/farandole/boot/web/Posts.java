package io.farandole.boot.web;

import io.farandole.messaging.failpoint.Failpoint;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.ResultMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.RollbackConfigurationType;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.util.ClassUtils;
import org.springframework.web.ErrorResponseException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs the handler method of a POST in one unit of work with one transaction: the commands that it sends, the rows that it
 * writes and the remembered answer are committed together, or, if anything is thrown, not at all. Only what was committed is
 * answered.
 *
 * <p>Where the transaction conflicts with another one (the same aggregate, the same idempotency key), it is rolled back and
 * run again, with a growing pause, up to {@code farandole.web.attempts} times; so a handler method must have no effects
 * outside the transaction. Errors are not remembered: a repetition tries again.
 *
 * <p>Requests that come at the same time share a transaction ({@link PostBatches}), each with an inner unit of work of its own.
 * If one of them fails, they are run again one by one, so that this is seen by nobody; not so if the connection is lost while they are
 * committed: then nobody knows whether they were, and each is answered that.
 *
 * <p>The client's {@code traceparent} is handed on to the commands, and by them to every event of the process.
 *
 * <p>Why a unit of work around all commands, not a transaction alone: aggregates' locks and caches then follow the outcome
 * of the commit, and never show what was rolled back.
 */
final class Posts implements PostBatches.Batch {

    /**
     * Spring Security keeps who is asking with the thread. A batch runs requests on one another's threads, and a mistake there
     * would let one act as another: so with Spring Security there are no batches.
     */
    private static final boolean IDENTITIES_BY_THREAD = ClassUtils.isPresent(
            "org.springframework.security.core.context.SecurityContextHolder", Posts.class.getClassLoader());

    private final TransactionManager transactions;
    private final RememberedAnswers answers;
    private final JsonMapper mapper;
    private final int attempts;
    private final PostBatches batches;
    private final LongSupplier behind;
    private final long behindAtMost;

    /** {@code behind} tells by how many events the context's sagas are behind. */
    Posts(
            TransactionManager transactions,
            RememberedAnswers answers,
            JsonMapper mapper,
            WebSettings settings,
            LongSupplier behind) {
        this.behind = behind;
        this.behindAtMost = settings.maxBehind();
        this.transactions = transactions;
        this.answers = answers;
        this.mapper = mapper;
        this.attempts = settings.attempts();
        this.batches = new PostBatches(this, IDENTITIES_BY_THREAD ? 1 : settings.batchSize(), settings.maxWaiting());
    }

    @Nullable Object run(HttpServletRequest request, Callable<@Nullable Object> handler) throws Exception {
        if (behindAtMost > 0 && behind.getAsLong() > behindAtMost) {
            throw TooBusyException.behind(behindAtMost);
        }
        return batches.run(new PostWork(request, IdempotencyKey.of(request), handler));
    }

    @Override
    public @Nullable Object alone(PostWork work) throws Exception {
        for (int attempt = 1; ; attempt++) {
            try {
                Object answer = inOneUnitOfWork(work, true);
                Failpoint.POST_COMMITTED.reached();
                return answer;
            } catch (Exception e) {
                if (attempt >= attempts || e instanceof ErrorResponseException || !Conflicts.isConflict(e)) {
                    throw e;
                }
                pause(attempt);
            }
        }
    }

    /**
     * Each in a unit of work of its own, for what it says about itself is handed on to its own commands only; all of them in
     * one that holds the transaction.
     */
    @Override
    public void together(List<PostWork> works) throws Exception {
        DefaultUnitOfWork<GenericMessage<String>> unit =
                DefaultUnitOfWork.startAndGet(new GenericMessage<>(works.size() + " requests"));
        unit.attachTransaction(transactions);
        // Handlers of this phase run in the opposite order of their registration: only the commit itself comes after
        // this one.
        AtomicBoolean committing = new AtomicBoolean();
        unit.onCommit(ending -> {
            Failpoint.POST_WRITTEN.reached();
            committing.set(true);
        });
        ResultMessage<Object> result = unit.executeWithResult(
                () -> {
                    for (PostWork work : works) {
                        work.answered(inOneUnitOfWork(work, false));
                    }
                    return null;
                },
                RollbackConfigurationType.ANY_THROWABLE);
        if (result.isExceptional()) {
            Exception failure = failure(result);
            throw committing.get() && Outages.isConnectionLost(failure)
                    ? new UnknownOutcomeException(works.size(), failure)
                    : failure;
        }
        Failpoint.POST_COMMITTED.reached();
    }

    /**
     * Nobody gets a transaction where this one did not: waiting for one once is enough. And what may have been committed is not run
     * again, for a request without an idempotency key would be carried out twice.
     */
    @Override
    public boolean concernsAll(Exception failure) {
        return failure instanceof CannotCreateTransactionException || failure instanceof UnknownOutcomeException;
    }

    private @Nullable Object inOneUnitOfWork(PostWork work, boolean ownTransaction) throws Exception {
        DefaultUnitOfWork<GenericMessage<String>> unit = DefaultUnitOfWork.startAndGet(
                new GenericMessage<>(work.request().getRequestURI()));
        if (ownTransaction) {
            // Ends the unit of work itself where no transaction can be had.
            unit.attachTransaction(transactions);
            unit.onCommit(committing -> Failpoint.POST_WRITTEN.reached());
        }
        Map<String, String> trace = TraceContext.of(work.request());
        unit.registerCorrelationDataProvider(message -> trace);
        IdempotencyKey key = work.key();
        ResultMessage<Object> result = unit.executeWithResult(
                () -> key == null ? work.call() : once(key, work), RollbackConfigurationType.ANY_THROWABLE);
        if (result.isExceptional()) {
            throw failure(result);
        }
        return result.getPayload();
    }

    private static Exception failure(ResultMessage<?> result) {
        Throwable failure = result.exceptionResult();
        if (failure instanceof Error error) {
            throw error;
        }
        return (Exception) failure;
    }

    private Object once(IdempotencyKey key, PostWork work) throws Exception {
        Optional<RememberedAnswers.Remembered> before = answers.find(key);
        if (before.isPresent()) {
            return replay(key, before.get());
        }
        Answer answer = Answer.of(work.call(), mapper);
        try {
            answers.remember(key, answer);
        } catch (DataAccessException e) {
            throw Conflicts.isLockTimeout(e) ? inProgress(e) : e;
        }
        return answer.toResponse();
    }

    private static Object replay(IdempotencyKey key, RememberedAnswers.Remembered remembered) {
        if (!key.requestHash().equals(remembered.requestHash())) {
            throw new ErrorResponseException(
                    HttpStatus.CONFLICT,
                    ProblemDetail.forStatusAndDetail(
                            HttpStatus.CONFLICT,
                            "This Idempotency-Key belongs to another request; take a new key for a new request"),
                    null);
        }
        return remembered.answer().replayed();
    }

    private static ErrorResponseException inProgress(Exception cause) {
        ErrorResponseException inProgress = new ErrorResponseException(
                HttpStatus.CONFLICT,
                ProblemDetail.forStatusAndDetail(
                        HttpStatus.CONFLICT, "A request with this Idempotency-Key is in progress; ask again"),
                cause);
        inProgress.getHeaders().set(HttpHeaders.RETRY_AFTER, "1");
        return inProgress;
    }

    /** About 2, 4, 8 ... ms, at most 100, at random, so that those who met once do not meet again. */
    private static void pause(int attempt) {
        long longest = TimeUnit.MILLISECONDS.toNanos(Math.min(100, 2L << Math.min(attempt, 10)));
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(longest / 2, longest));
    }
}
