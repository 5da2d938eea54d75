package io.farandole.bench;

import io.farandole.bench.Traffic.Answer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * What has become of a traffic's orders.
 *
 * @param orders that were due
 * @param accepted answered 202
 * @param refused answered 429 or 503 with {@code Retry-After}
 * @param refusedWithoutRetryAfter answered 429 or 503 without
 * @param failed answered otherwise
 * @param unanswered whose connection was refused, lost or too slow
 * @param notSent that were not sent, for too many had no answer
 * @param ended accepted and confirmed or cancelled
 * @param acceptedP50Millis median from the intended placing to the answer of the accepted ones; 0 without any
 * @param acceptedP99Millis the same, which one of a hundred exceeds
 */
record Tally(
        int orders,
        int accepted,
        int refused,
        int refusedWithoutRetryAfter,
        int failed,
        int unanswered,
        int notSent,
        int ended,
        double acceptedP50Millis,
        double acceptedP99Millis) {

    static Tally of(List<Traffic.Visit> visits) {
        Map<Answer, Integer> answers = new EnumMap<>(Answer.class);
        LongStream.Builder untilAnswer = LongStream.builder();
        int ended = 0;
        for (Traffic.Visit visit : visits) {
            Answer answer = visit.answer();
            if (answer != null) {
                answers.merge(answer, 1, Integer::sum);
            }
            if (answer == Answer.ACCEPTED) {
                untilAnswer.add(visit.untilAnswer());
                ended += visit.hasEnded() ? 1 : 0;
            }
        }
        long[] nanos = untilAnswer.build().toArray();
        Latencies latencies = new Latencies(nanos);
        return new Tally(
                visits.size(),
                answers.getOrDefault(Answer.ACCEPTED, 0),
                answers.getOrDefault(Answer.REFUSED, 0),
                answers.getOrDefault(Answer.REFUSED_WITHOUT_RETRY_AFTER, 0),
                answers.getOrDefault(Answer.FAILED, 0),
                answers.getOrDefault(Answer.NONE, 0),
                answers.getOrDefault(Answer.NOT_SENT, 0),
                ended,
                nanos.length == 0 ? 0 : latencies.millisAt(0.5),
                nanos.length == 0 ? 0 : latencies.millisAt(0.99));
    }

    /** Accepted and never ended. */
    int lost() {
        return accepted - ended;
    }

    /** Answered, or given up, and not accepted. */
    int notAccepted() {
        return refused + refusedWithoutRetryAfter + failed + unanswered + notSent;
    }
}
