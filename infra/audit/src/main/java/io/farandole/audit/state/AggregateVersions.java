package io.farandole.audit.state;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of an aggregate's versions, in order.
 *
 * @param aggregateType as stored with its events; null if they name none
 * @param next the sequence number that the next page begins with; null if this is the last one
 */
public record AggregateVersions(
        String aggregateId, @Nullable String aggregateType, List<AggregateVersion> versions, @Nullable Long next) {

    public AggregateVersions {
        versions = List.copyOf(versions);
    }
}
