package io.farandole.eventstore;

import java.lang.management.ManagementFactory;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.axonframework.eventhandling.tokenstore.UnableToInitializeTokenException;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SimpleSerializedObject;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Axon's token store in {@code farandole.token_entry}: one statement per call, readable with psql, joining the current
 * transaction, so that a batch's effects and its token commit together.
 *
 * <p>A segment is claimed by one instance at a time. A claim that is not renewed for the claim time-out may be taken over;
 * time is the database's, so clocks of instances do not matter. Storing a token of a claim that was taken over fails with
 * {@link UnableToClaimTokenException}, which rolls the late instance's batch back. Immutable and thread-safe.
 */
public class JournalTokenStore implements TokenStore {

    /** How long a claim holds without being renewed, by default. */
    public static final Duration DEFAULT_CLAIM_TIMEOUT = Duration.ofSeconds(10);

    private static final Duration LOOK = Duration.ofMillis(800);

    private static final String IDENTIFIER = "__identifier";

    /** Stands for the mask of a segment that was claimed for no worker: matches that of none. */
    static final int NO_WORKER = -1;

    private static final String INSERT =
            "insert into farandole.token_entry (processor, segment, token, token_type, position)"
                    + " values (?, ?, ?, ?, ?)";

    private static final String STORE = "update farandole.token_entry set token = ?, token_type = ?, position = ?,"
            + " claimed_at = clock_timestamp() where processor = ? and segment = ? and owner = ?"
            + " and (position is null or position < ?) and (mask is null or mask = coalesce(?, mask))";

    private static final String STORE_OF_NO_WORKER =
            "update farandole.token_entry set token = ?, token_type = ?, position = ?,"
                    + " claimed_at = clock_timestamp() where processor = ? and segment = ? and owner = ?"
                    + " and (mask is null or mask = ?)";

    /** The update's condition is looked at again after a wait for a concurrent claim, so only one instance succeeds. */
    private static final String CLAIM = "update farandole.token_entry set owner = ?, claimed_at = clock_timestamp(),"
            + " mask = ? where processor = ? and segment = ? and (owner is null or owner = ?"
            + " or claimed_at < clock_timestamp() - ? * interval '1 millisecond') returning token, token_type";

    private static final String EXTEND = "update farandole.token_entry set claimed_at = clock_timestamp()"
            + " where processor = ? and segment = ? and owner = ?";

    private static final String RELEASE =
            "update farandole.token_entry set owner = null, claimed_at = clock_timestamp()"
                    + " where processor = ? and segment = ? and owner = ?";

    private static final String SEGMENTS =
            "select segment from farandole.token_entry where processor = ? order by segment";

    private static final String NEIGHBOURS =
            "select segment from farandole.token_entry where processor = ? and segment in (?, ?)";

    private static final String AVAILABLE =
            "select processor, segment, owner is null or owner = ? or claimed_at < clock_timestamp() - ? * interval '1 millisecond'"
                    + " from farandole.token_entry order by processor, segment";

    private static final String IDENTIFY = "insert into farandole.token_entry (processor, segment, token)"
            + " values (?, 0, gen_random_uuid()) on conflict (processor, segment) do nothing";

    private static final String IDENTIFIED =
            "select token from farandole.token_entry where processor = ? and segment = 0";

    private final JdbcTemplate jdbc;
    private final RegistrySerializer serializer;
    private final Duration claimTimeout;
    private final String owner;
    private final SegmentChanges changes;
    private volatile @Nullable Look lastLook;

    /** A store with the default claim time-out, that claims in the name of this process (id and host). */
    public JournalTokenStore(Journal journal, RegistrySerializer serializer) {
        this(
                journal,
                serializer,
                DEFAULT_CLAIM_TIMEOUT,
                ManagementFactory.getRuntimeMXBean().getName());
    }

    /**
     * A token store.
     *
     * @param claimTimeout after which a claim that was not renewed may be taken over
     * @param owner in whose name it claims: different for each running instance
     */
    public JournalTokenStore(Journal journal, RegistrySerializer serializer, Duration claimTimeout, String owner) {
        this.jdbc = journal.jdbc();
        this.serializer = serializer;
        this.claimTimeout = claimTimeout;
        this.owner = owner;
        this.changes = new SegmentChanges(jdbc, serializer, owner);
    }

    @Override
    public void initializeTokenSegments(String processorName, int segmentCount) {
        initializeTokenSegments(processorName, segmentCount, null);
    }

    @Override
    public void initializeTokenSegments(String processorName, int segmentCount, @Nullable TrackingToken initialToken) {
        if (fetchSegments(processorName).length > 0) {
            throw new UnableToClaimTokenException("Processor " + processorName + " has segments already");
        }
        try {
            for (int segment = 0; segment < segmentCount; segment++) {
                insert(initialToken, processorName, segment);
            }
        } catch (DuplicateKeyException e) {
            throw new UnableToClaimTokenException(
                    "Processor " + processorName + " was given segments by another instance at the same time", e);
        }
    }

    /**
     * Adds a segment by a split, and in the same transaction narrows the one that it is split off, which this instance has claimed
     * by {@link #fetchToken(String, int)}.
     *
     * @param token of the half that is split off
     * @throws UnableToClaimTokenException if the segment has been split or merged by another instance, or is not claimed by this one
     * @throws UnableToInitializeTokenException if there is such a segment already
     */
    @Override
    public void initializeSegment(@Nullable TrackingToken token, String processorName, int segment) {
        if (Arrays.stream(fetchSegments(processorName)).anyMatch(each -> each == segment)) {
            throw exists(processorName, segment, null);
        }
        changes.split(processorName, segment);
        try {
            insert(token, processorName, segment);
        } catch (DuplicateKeyException e) {
            throw exists(processorName, segment, e);
        }
    }

    private static UnableToInitializeTokenException exists(
            String processorName, int segment, @Nullable Exception cause) {
        return new UnableToInitializeTokenException(
                "Processor " + processorName + " has a segment " + segment + " already", cause);
    }

    private void insert(@Nullable TrackingToken token, String processorName, int segment) {
        SerializedObject<String> serialized = serialized(token);
        jdbc.update(
                INSERT,
                processorName,
                segment,
                serialized == null ? null : serialized.getData(),
                serialized == null ? null : serialized.getType().getName(),
                position(token));
        lastLook = null;
    }

    @Override
    public void storeToken(@Nullable TrackingToken token, String processorName, int segment) {
        RoundTrip alone = new RoundTrip(jdbc);
        alone.add(new Storing(token, processorName, segment, null, Long.MAX_VALUE));
        alone.execute();
    }

    /**
     * Stores the token of a batch, unless someone has been there already. An owner's name alone does not tell two workers of
     * one instance apart, such as one that is late and one that was given the segment since. In a unit of work it is stored with
     * what else is written right before the commit, and refused there.
     *
     * @param first position of the first event that the batch handles
     * @throws UnableToClaimTokenException if the segment is not claimed by this owner, if it was claimed since for a split or a merge
     *     or, after one, as a wider or narrower segment, or if its stored token has reached {@code first}: nothing of the batch may be kept
     */
    public void storeToken(TrackingToken token, String processorName, Segment segment, long first) {
        LastStatements.add(jdbc, new Storing(token, processorName, segment.getSegmentId(), segment.getMask(), first));
    }

    /**
     * Stores a token while no worker has the segment, as a reset does, which has claimed it by {@link #fetchToken(String,
     * int)}. While a worker has it, only extends the claim: whoever stores a token for a worker without the batch that it
     * belongs to cannot be told from a late one. Nor is anything stored over what a merge has left ({@link #deleteToken}).
     *
     * @throws UnableToClaimTokenException if the segment is not claimed by this owner
     */
    public void storeTokenOfNoWorker(@Nullable TrackingToken token, String processorName, int segment) {
        SerializedObject<String> serialized = serialized(token);
        int stored = jdbc.update(
                STORE_OF_NO_WORKER,
                serialized == null ? null : serialized.getData(),
                serialized == null ? null : serialized.getType().getName(),
                position(token),
                processorName,
                segment,
                owner,
                NO_WORKER);
        if (stored == 0) {
            extendClaim(processorName, segment);
        }
    }

    /** Stores a token where the claim, the segment's width if there is one, and the stored position allow it. */
    private final class Storing implements RoundTrip.Statement {

        private static final int PARAMETERS = 8;

        private final @Nullable TrackingToken token;
        private final String processor;
        private final int segment;
        private final @Nullable Integer mask;
        private final long first;

        Storing(@Nullable TrackingToken token, String processor, int segment, @Nullable Integer mask, long first) {
            this.token = token;
            this.processor = processor;
            this.segment = segment;
            this.mask = mask;
            this.first = first;
        }

        @Override
        public String sql() {
            return STORE;
        }

        @Override
        public int bind(PreparedStatement statement, int before) throws SQLException {
            SerializedObject<String> serialized = serialized(token);
            statement.setString(before + 1, serialized == null ? null : serialized.getData());
            statement.setString(
                    before + 2, serialized == null ? null : serialized.getType().getName());
            statement.setObject(before + 3, position(token), Types.BIGINT);
            statement.setString(before + 4, processor);
            statement.setInt(before + 5, segment);
            statement.setString(before + 6, owner);
            statement.setLong(before + 7, first);
            statement.setObject(before + PARAMETERS, mask, Types.INTEGER);
            return before + PARAMETERS;
        }

        /** Never claimed back here, even if nobody holds it now: whoever held it meanwhile may have handled the same events. */
        @Override
        public void changed(int count) {
            if (count == 0) {
                throw notClaimed(processor, segment);
            }
        }
    }

    private @Nullable SerializedObject<String> serialized(@Nullable TrackingToken token) {
        return token == null ? null : serializer.serialize(token, String.class);
    }

    static @Nullable Long position(@Nullable TrackingToken token) {
        return token == null || token.position().isEmpty()
                ? null
                : token.position().getAsLong();
    }

    /**
     * Claims a segment for no worker, as Axon does before it splits, merges or resets one. From then on, until a worker claims
     * it again, no batch can store its token, so the one returned stays the segment's: a merge stores what it has made of two
     * tokens in a later transaction, and what a late worker of this instance committed in between would be handled twice.
     */
    @Override
    public TrackingToken fetchToken(String processorName, int segment) {
        return claim(processorName, segment, NO_WORKER);
    }

    @SuppressWarnings("NullAway") // no token yet: Axon wants null
    private TrackingToken claim(String processorName, int segment, int mask) {
        List<Optional<TrackingToken>> claimed = jdbc.query(
                CLAIM,
                (result, row) -> {
                    String token = result.getString(1);
                    return token == null
                            ? Optional.<TrackingToken>empty()
                            : Optional.<TrackingToken>of(serializer.deserialize(
                                    new SimpleSerializedObject<>(token, String.class, result.getString(2), null)));
                },
                owner,
                mask,
                processorName,
                segment,
                owner,
                claimTimeout.toMillis());
        if (claimed.isEmpty()) {
            throw notClaimed(processorName, segment);
        }
        return claimed.get(0).orElse(null);
    }

    /**
     * Also checks that the segment is still as wide as the caller thinks: another instance may have split or merged it since
     * the caller looked, and events would be handled by two segments, or by none. The check is a statement of its own, so
     * it sees what whoever held the claim before has committed.
     */
    @Override
    public TrackingToken fetchToken(String processorName, Segment segment) {
        TrackingToken token = claim(processorName, segment.getSegmentId(), segment.getMask());
        List<Integer> neighbours = jdbc.queryForList(
                NEIGHBOURS, Integer.class, processorName, segment.splitSegmentId(), segment.mergeableSegmentId());
        if (!neighbours.equals(List.of(segment.mergeableSegmentId()))) {
            throw new UnableToClaimTokenException("Segment " + segment.getSegmentId() + " of processor " + processorName
                    + " has been split or merged by another instance");
        }
        return token;
    }

    private UnableToClaimTokenException notClaimed(String processorName, int segment) {
        return new UnableToClaimTokenException("Segment " + segment + " of processor " + processorName
                + " is claimed by another instance than " + owner + ", or does not exist");
    }

    @Override
    public void extendClaim(String processorName, int segment) {
        if (jdbc.update(EXTEND, processorName, segment, owner) == 0) {
            throw notClaimed(processorName, segment);
        }
    }

    @Override
    public void releaseClaim(String processorName, int segment) {
        jdbc.update(RELEASE, processorName, segment, owner);
        lastLook = null;
    }

    /**
     * Merges a segment into its lower half: deletes it, and widens the other, whose token then says for each how far it has come. To be
     * called in a transaction.
     *
     * @throws UnableToClaimTokenException if it has no lower half of the same width, or if this instance has not claimed both
     */
    @Override
    public void deleteToken(String processorName, int segment) {
        changes.merge(processorName, segment);
        lastLook = null;
    }

    @Override
    public boolean requiresExplicitSegmentInitialization() {
        return true;
    }

    @Override
    public int[] fetchSegments(String processorName) {
        return segments(jdbc.queryForList(SEGMENTS, Integer.class, processorName));
    }

    /**
     * The segments that this instance may claim, as they were less than {@link #LOOK} ago: every processor of a context asks
     * once or twice a second, and one look at the table serves them all. What has changed since does no harm: a claim asks
     * the table itself, whether the segment is free and whether it is as wide as it was.
     */
    @Override
    public List<Segment> fetchAvailableSegments(String processorName) {
        Look look = look();
        int[] all = segments(look.all().getOrDefault(processorName, List.of()));
        return look.available().getOrDefault(processorName, List.of()).stream()
                .map(segment -> Segment.computeSegment(segment, all))
                .toList();
    }

    private Look look() {
        Look look = lastLook;
        if (look == null || System.nanoTime() - look.takenNanos() > LOOK.toNanos()) {
            // Two threads may look at once; each sees what is true now.
            look = takeLook();
            lastLook = look;
        }
        return look;
    }

    private Look takeLook() {
        long now = System.nanoTime();
        Map<String, List<Integer>> all = new HashMap<>();
        Map<String, List<Integer>> available = new HashMap<>();
        jdbc.query(
                AVAILABLE,
                row -> {
                    String processor = row.getString(1);
                    int segment = row.getInt(2);
                    all.computeIfAbsent(processor, name -> new ArrayList<>()).add(segment);
                    if (row.getBoolean(3)) {
                        available
                                .computeIfAbsent(processor, name -> new ArrayList<>())
                                .add(segment);
                    }
                },
                owner,
                claimTimeout.toMillis());
        return new Look(now, all, available);
    }

    /** Segments by processor, in order. */
    private record Look(long takenNanos, Map<String, List<Integer>> all, Map<String, List<Integer>> available) {}

    private static int[] segments(List<Integer> segments) {
        return segments.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public Optional<String> retrieveStorageIdentifier() {
        jdbc.update(IDENTIFY, IDENTIFIER);
        return Optional.ofNullable(jdbc.queryForObject(IDENTIFIED, String.class, IDENTIFIER));
    }
}
