package io.farandole.boot;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How aggregates are kept.
 *
 * @param cacheSize how many aggregates stay in memory from command to command, at most, of all types together; those not used for
 *     longest go first; 0 keeps none. However many instances there are, none decides on an old state
 */
@ConfigurationProperties("farandole.aggregates")
record AggregateProperties(@DefaultValue("10000") long cacheSize) {

    AggregateProperties {
        if (cacheSize < 0) {
            throw new IllegalArgumentException("farandole.aggregates.cache-size is 0 or more, not " + cacheSize);
        }
    }
}
