package io.farandole.boot;

import io.farandole.eventstore.JournalSettings;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the journal is read.
 *
 * @param pageSize at most so many rows per read
 * @param tailRows how many of the newest rows are kept in memory for processors and relay
 * @param minPoll first wait before asking the database again without a wake-up, after another instance's event; doubles with every empty answer
 * @param maxPoll longest such wait; only events of other instances wait for a poll
 * @param requireAppendOnly refuse to start where the runtime role could update or delete history
 */
@ConfigurationProperties("farandole.journal")
public record JournalProperties(
        @DefaultValue("512") int pageSize,
        @DefaultValue("4096") int tailRows,
        @DefaultValue("10ms") Duration minPoll,
        @DefaultValue("1s") Duration maxPoll,
        @DefaultValue("true") boolean requireAppendOnly) {

    JournalSettings settings(String context) {
        return JournalSettings.of(context).polling(minPoll, maxPoll).keeping(pageSize, tailRows);
    }
}
