package io.farandole.boot.web;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The HTTP side's limits, {@code farandole.web.*}.
 *
 * @param maxBody the largest request body; a larger one is answered with 413 and never parsed. Default 64 KiB
 * @param attempts how often a POST whose transaction conflicts with another one is run before it is answered with 503; 1 or
 *     more. Default 8
 * @param idempotencyWindow how long answers are remembered per {@code Idempotency-Key}; a repetition after that is a new
 *     request. Default 7 days
 * @param batchSize how many POSTs that come at the same time may share a transaction; 1 for none. Large ones come under
 *     load only. With Spring Security on the class path there are none. Default 64
 * @param maxWaiting how many POSTs may wait for their transaction; one more is answered with 503 and {@code Retry-After}, and
 *     nothing is done. Well below Tomcat's 200 threads, so that reads and health are still answered then. Default 150
 * @param maxBehind how many events this instance's sagas may be behind the journal; while they are further behind, a POST is
 *     answered with 503 and {@code Retry-After}, and nothing is done, so that what was accepted is finished first. Views that are
 *     rebuilt do not count, nor what waits in other contexts. 0 for no limit. Default 20000
 */
@ConfigurationProperties("farandole.web")
public record WebSettings(
        @DefaultValue("64KB") DataSize maxBody,
        @DefaultValue("8") int attempts,
        @DefaultValue("7d") Duration idempotencyWindow,
        @DefaultValue("64") int batchSize,
        @DefaultValue("150") int maxWaiting,
        @DefaultValue("20000") long maxBehind) {

    public WebSettings {
        if (maxBody.toBytes() < 1 || maxBody.toBytes() > Integer.MAX_VALUE / 2) {
            throw new IllegalArgumentException("farandole.web.max-body is 1 byte to 1 GB, not " + maxBody);
        }
        if (attempts < 1) {
            throw new IllegalArgumentException("farandole.web.attempts is 1 or more, not " + attempts);
        }
        if (batchSize < 1) {
            throw new IllegalArgumentException("farandole.web.batch-size is 1 or more, not " + batchSize);
        }
        if (maxWaiting < 0) {
            throw new IllegalArgumentException("farandole.web.max-waiting is 0 or more, not " + maxWaiting);
        }
        if (maxBehind < 0) {
            throw new IllegalArgumentException("farandole.web.max-behind is 0 or more, not " + maxBehind);
        }
        if (idempotencyWindow.isNegative() || idempotencyWindow.isZero()) {
            throw new IllegalArgumentException("farandole.web.idempotency-window is a positive duration");
        }
    }
}
