package io.farandole.rabbitmq;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message that was set aside. It says nothing of the body, which may hold personal data.
 *
 * @param id under which it can be put back; null for what the listener did not set aside itself
 * @param reason a {@link RejectionReason#code}, or the broker's own reason for a dead letter; null if there is none
 * @param detail the reason in words
 * @param setAsideAt when
 * @param messageId the event's id, if it had one
 * @param type its wire type, if it had one
 * @param exchange the exchange that it came through at first
 * @param routingKey with which routing key
 * @param userId the sender that the broker vouched for
 * @param bodyBytes length of the body
 */
public record UnhandledMessage(
        @Nullable String id,
        @Nullable String reason,
        @Nullable String detail,
        @Nullable Instant setAsideAt,
        @Nullable String messageId,
        @Nullable String type,
        String exchange,
        String routingKey,
        @Nullable String userId,
        int bodyBytes) {}
