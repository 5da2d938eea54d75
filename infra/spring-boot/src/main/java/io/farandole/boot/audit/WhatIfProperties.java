package io.farandole.boot.audit;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Bounds what a replay may cost that is asked for over HTTP, {@code farandole.audit.what-if.*}.
 *
 * @param mostProcesses at most so many processes are replayed in one answer; 1 or more, default 10,000
 * @param within how long one answer may take; positive, default 45 seconds. An answer that is cut short says where to go on
 */
@ConfigurationProperties("farandole.audit.what-if")
public record WhatIfProperties(@DefaultValue("10000") int mostProcesses, @DefaultValue("45s") Duration within) {

    public WhatIfProperties {
        if (mostProcesses < 1) {
            throw new IllegalArgumentException(
                    "farandole.audit.what-if.most-processes is 1 or more, not " + mostProcesses);
        }
        if (within.isNegative() || within.isZero()) {
            throw new IllegalArgumentException("farandole.audit.what-if.within is a positive duration, not " + within);
        }
    }
}
