package io.farandole.eventstore;

import java.util.List;
import java.util.Objects;
import org.axonframework.eventhandling.MergedTrackingToken;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackerStatus;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SimpleSerializedObject;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Which tokens segments have after a split or a merge. Axon's pooled processor (4.13) leaves two holes there, which lose events
 * or have them handled twice:
 *
 * <ul>
 *   <li><b>A split while the halves of a merge are still apart.</b> Its token says for each half how far that has come. Axon gives
 *       the upper half's to the new segment, and leaves both to the one that is split, which would take them for those of its
 *       own halves. So the lower half's is stored with the split.
 *   <li><b>A merge stores what it read in earlier transactions</b>, and waits in between for the workers to end. If that takes longer
 *       than a claim lasts, or than this instance leaves a segment without a worker, a segment has moved on. So the tokens are
 *       read once more here, while both rows are locked, in the transaction that deletes the one and keeps the other.
 * </ul>
 *
 * <p>The rows are locked with their owner: whoever splits or merges a segment, or works on it, has to own it. What is asked under the
 * lock is therefore true until the transaction ends. Both leave the segment with the mask of no worker, so that a worker which does not
 * know of the change cannot store its batch.
 */
final class SegmentChanges {

    /** Stands for the mask of a segment whose token is settled: a merge has stored it, whatever is stored without a worker. */
    static final int MERGED = -2;

    private static final String LOCK =
            "select token, token_type from farandole.token_entry where processor = ? and segment = ?"
                    + " and owner = ? for update";

    private static final String KEEP =
            "update farandole.token_entry set token = ?, token_type = ?, position = ?, mask = ?,"
                    + " claimed_at = clock_timestamp() where processor = ? and segment = ?";

    private static final String DELETE = "delete from farandole.token_entry where processor = ? and segment = ?";

    private static final String SEGMENTS =
            "select segment from farandole.token_entry where processor = ? order by segment";

    private final JdbcTemplate jdbc;
    private final RegistrySerializer serializer;
    private final String owner;

    SegmentChanges(JdbcTemplate jdbc, RegistrySerializer serializer, String owner) {
        this.jdbc = jdbc;
        this.serializer = serializer;
        this.owner = owner;
    }

    /**
     * Narrows the segment that a new one is split off.
     *
     * @throws UnableToClaimTokenException if there is no segment whose split makes this one, or if this instance does not own it
     */
    void split(String processor, int added) {
        Segment whole = splitInto(processor, added);
        TrackingToken token = lock(processor, whole.getSegmentId()).token();
        if (!whole.equals(splitInto(processor, added))) {
            throw changed(processor, added);
        }
        keep(
                processor,
                whole.getSegmentId(),
                token == null ? null : TrackerStatus.split(whole, token)[0].getInternalTrackingToken(),
                JournalTokenStore.NO_WORKER);
    }

    /**
     * Deletes a segment and widens the one that it is merged into.
     *
     * @throws UnableToClaimTokenException if the two cannot be merged, or if this instance does not own both
     */
    void merge(String processor, int deleted) {
        Segment kept = mergedWith(processor, deleted);
        TrackingToken lower = lock(processor, kept.getSegmentId()).token();
        TrackingToken upper = lock(processor, deleted).token();
        if (!kept.equals(mergedWith(processor, deleted))) {
            throw changed(processor, deleted);
        }
        jdbc.update(DELETE, processor, deleted);
        keep(processor, kept.getSegmentId(), MergedTrackingToken.merged(lower, upper), MERGED);
    }

    private Segment splitInto(String processor, int added) {
        for (Segment each : Segment.computeSegments(segments(processor))) {
            if (each.splitSegmentId() == added) {
                return each;
            }
        }
        throw changed(processor, added);
    }

    /** The lower half, whose number the merged segment keeps. */
    private Segment mergedWith(String processor, int deleted) {
        int[] all = segments(processor);
        Segment upper = Segment.computeSegment(deleted, all);
        for (Segment each : Segment.computeSegments(all)) {
            if (each.getSegmentId() == upper.mergeableSegmentId()
                    && each.getSegmentId() < deleted
                    && each.isMergeableWith(upper)) {
                return each;
            }
        }
        throw changed(processor, deleted);
    }

    private int[] segments(String processor) {
        return jdbc.queryForList(SEGMENTS, Integer.class, processor).stream()
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private record Locked(@Nullable TrackingToken token) {}

    private Locked lock(String processor, int segment) {
        List<Locked> rows = jdbc.query(
                LOCK,
                (row, index) -> {
                    String token = row.getString(1);
                    return new Locked(
                            token == null
                                    ? null
                                    : serializer.deserialize(new SimpleSerializedObject<>(
                                            token, String.class, Objects.requireNonNull(row.getString(2)), null)));
                },
                processor,
                segment,
                owner);
        if (rows.isEmpty()) {
            throw new UnableToClaimTokenException(
                    "Segment " + segment + " of processor " + processor + " is claimed by another instance than "
                            + owner + ", or does not exist; nothing is split or merged");
        }
        return rows.get(0);
    }

    private void keep(String processor, int segment, @Nullable TrackingToken token, int mask) {
        SerializedObject<String> serialized = token == null ? null : serializer.serialize(token, String.class);
        jdbc.update(
                KEEP,
                serialized == null ? null : serialized.getData(),
                serialized == null ? null : serialized.getType().getName(),
                JournalTokenStore.position(token),
                mask,
                processor,
                segment);
    }

    private static UnableToClaimTokenException changed(String processor, int segment) {
        return new UnableToClaimTokenException("Segment " + segment + " of processor " + processor
                + " has been split or merged by another instance; try again");
    }
}
