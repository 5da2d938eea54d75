package io.farandole.provider;

import org.jspecify.annotations.Nullable;

/** One remembered operation, as the state file holds it: what was asked under which key, and the answer. No token. */
record Entry(
        Operation operation,
        String key,
        String paymentId,
        long amountMinor,
        String currency,
        Behaviour behaviour,
        String status,
        @Nullable String reason) {}
