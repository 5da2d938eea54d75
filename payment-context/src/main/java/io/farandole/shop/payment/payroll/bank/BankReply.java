package io.farandole.shop.payment.payroll.bank;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The agreed answers. Whatever is none of them is unknown: a page of a proxy, an error in a 200, an outcome that was not asked for.
 *
 * @param outcome {@code COMMITTED}, {@code HELD}, {@code COMPENSATED} or {@code REFUSED}
 * @param reason of a refusal
 * @param shortfall minor units that are missing, of a refusal for lack of funds
 */
record BankReply(@Nullable String outcome, @Nullable String reason, @Nullable Long shortfall) {

    /** No answer is longer, in bytes. */
    static final int LONGEST = 16_384;

    static final String COMMITTED = "COMMITTED";
    /** Of a try. A bank that answers it with {@link #COMMITTED} knows no phases, and has paid: that is no agreed answer. */
    static final String HELD = "HELD";

    static final String COMPENSATED = "COMPENSATED";
    static final String REFUSED = "REFUSED";

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** Reads an answer that claims success, {@code done} being the outcome that was asked for. */
    static BankAnswer success(String json, String done) {
        BankReply reply = read(json);
        return reply != null && done.equals(reply.outcome)
                ? BankAnswer.done()
                : BankAnswer.unknown("an answer of success without outcome " + done);
    }

    /** Reads an answer that claims a refusal. */
    static BankAnswer refusal(String json) {
        BankReply reply = read(json);
        if (reply == null || !REFUSED.equals(reply.outcome) || reply.reason == null || reply.reason.isBlank()) {
            return BankAnswer.unknown("a refusal without outcome or reason");
        }
        return reply.shortfall == null
                ? BankAnswer.refused(reply.reason)
                : BankAnswer.lacking(reply.reason, reply.shortfall);
    }

    /** What a refusal's payload says is missing; null if it does not say. */
    static @Nullable Long shortfall(String json) {
        BankReply reply = read(json);
        return reply == null ? null : reply.shortfall;
    }

    private static @Nullable BankReply read(String json) {
        try {
            return JSON.readValue(json, BankReply.class);
        } catch (JacksonException e) {
            // Not JSON of this form: the callers answer that as unknown, and the call is made again.
            return null;
        }
    }
}
