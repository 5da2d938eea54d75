package io.farandole.participant;

import io.farandole.participant.Answer.Verdict;
import io.farandole.participant.BranchBarrier.Remembered;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** The barrier's table. Every method but {@link #purge} belongs into the branch's transaction. */
final class BranchStore {

    // Of two inserts at once the second waits for the first's transaction, and is made if that one rolls back.
    private static final String ADD =
            "insert into participant_branch (participant, global_id, branch_id, state, request_hash)"
                    + " values (?, ?, ?, ?, ?) on conflict (participant, global_id, branch_id) do nothing";
    private static final String ADD_TOMBSTONE =
            "insert into participant_branch (participant, global_id, branch_id, state, nothing_undone, answer_status)"
                    + " values (?, ?, ?, 'COMPENSATED', true, 200)"
                    + " on conflict (participant, global_id, branch_id) do nothing";
    private static final String KEY = " where participant = ? and global_id = ? and branch_id = ?";
    private static final String FIND =
            "select state, held_until is not null in_phases, request_hash, answer_status, answer_reason, answer_text,"
                    + " answer_type, answer_body"
                    + " from participant_branch"
                    + KEY;
    // Not touched_at: that is indexed, and the row was made in this very transaction.
    private static final String ANSWER = "update participant_branch set answer_status = ?, answer_reason = ?,"
            + " answer_text = ?, answer_type = ?, answer_body = ?"
            + KEY;
    private static final String COMPENSATED = "update participant_branch set state = 'COMPENSATED', answer_status = ?,"
            + " answer_reason = ?, answer_text = ?, answer_type = ?, answer_body = ?, touched_at = clock_timestamp()"
            + KEY;
    private static final String BURY = "update participant_branch set state = 'COMPENSATED', nothing_undone = true,"
            + " answer_status = 200, answer_reason = null, answer_text = null, answer_type = null, answer_body = null,"
            + " touched_at = clock_timestamp()"
            + KEY;
    private static final String COMPENSATION_REFUSED = "update participant_branch set state = 'COMPENSATION_REFUSED',"
            + " compensation_refusals = compensation_refusals + 1, touched_at = clock_timestamp()"
            + KEY
            + " and state in ('COMMITTED', 'COMPENSATION_REFUSED')";
    // What another call works on is left alone, and its age is looked at again once it is locked.
    private static final String PURGE = "delete from participant_branch where ctid = any (array(select ctid"
            + " from participant_branch where touched_at < clock_timestamp() - ? * interval '1 millisecond'"
            + " and state not in ('COMPENSATION_REFUSED', 'HELD') order by touched_at limit ? for update skip locked))";

    private static final String HOLD =
            "update participant_branch set held_until = clock_timestamp() + ? * interval '1 millisecond'" + KEY;
    private static final String CONFIRMED = "update participant_branch set state = 'COMMITTED', answer_status = ?,"
            + " answer_reason = ?, answer_text = ?, answer_type = ?, answer_body = ?, touched_at = clock_timestamp()"
            + KEY;
    // What is being confirmed or compensated is left to whoever does that.
    private static final String EXPIRED = "select participant, global_id, branch_id from participant_branch"
            + " where state = 'HELD' and held_until < clock_timestamp() order by held_until limit ?";
    private static final String LOCK_EXPIRED = "select 1 from participant_branch" + KEY
            + " and state = 'HELD' and held_until < clock_timestamp() for update skip locked";

    private final JdbcTemplate jdbc;

    BranchStore(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    /** Bounds the waits for locks from here to {@link #restoreWaits}, and answers what the bound was. */
    String boundWaits(Duration wait) {
        String before = jdbc.queryForObject("select current_setting('lock_timeout')", String.class);
        setWaits(wait.toMillis() + "ms");
        return before == null ? "0" : before;
    }

    /** The action's own waits are none of the barrier's business. */
    void restoreWaits(String before) {
        setWaits(before);
    }

    private void setWaits(String timeout) {
        jdbc.queryForObject("select set_config('lock_timeout', ?, true)", String.class, timeout);
    }

    /** False if there is one already. */
    boolean add(Branch branch, BranchState state, String hash) {
        return jdbc.update(ADD, branch.participant(), branch.globalId(), branch.branchId(), state.name(), hash) == 1;
    }

    /** False if there is one already, tombstone or not. */
    boolean addTombstone(Branch branch) {
        return jdbc.update(ADD_TOMBSTONE, branch.participant(), branch.globalId(), branch.branchId()) == 1;
    }

    @Nullable Remembered find(Branch branch) {
        return first(FIND, branch);
    }

    /** The same, and nobody else changes it until the transaction ends. */
    @Nullable Remembered lock(Branch branch) {
        return first(FIND + " for update", branch);
    }

    private @Nullable Remembered first(String sql, Branch branch) {
        List<Remembered> rows =
                jdbc.query(sql, (row, number) -> read(row), branch.participant(), branch.globalId(), branch.branchId());
        return rows.isEmpty() ? null : rows.get(0);
    }

    void answer(Branch branch, Answer answer) {
        update(branch, ANSWER, answer);
    }

    /** Notes until when a branch that was added is held. */
    void hold(Branch branch, Duration time) {
        jdbc.update(HOLD, time.toMillis(), branch.participant(), branch.globalId(), branch.branchId());
    }

    void confirmed(Branch branch, Answer answer) {
        update(branch, CONFIRMED, answer);
    }

    /** Branches that were held for too long, the longest overdue first. */
    List<Branch> expired(int limit) {
        return jdbc.query(
                EXPIRED,
                (row, number) -> new Branch(
                        row.getString("participant"), row.getString("global_id"), row.getString("branch_id")),
                limit);
    }

    /** Whether it is still held for too long, and nobody is about to end that; then nobody else ends it until the transaction does. */
    boolean lockExpired(Branch branch) {
        return !jdbc.queryForList(
                        LOCK_EXPIRED, Integer.class, branch.participant(), branch.globalId(), branch.branchId())
                .isEmpty();
    }

    void compensated(Branch branch, Answer answer) {
        update(branch, COMPENSATED, answer);
    }

    private void update(Branch branch, String sql, Answer answer) {
        int rows = jdbc.update(
                sql,
                answer.status(),
                answer.reason(),
                answer.text(),
                answer.contentType(),
                answer.body(),
                branch.participant(),
                branch.globalId(),
                branch.branchId());
        if (rows != 1) {
            throw new IllegalStateException("The row of branch " + branch
                    + " has gone during its transaction: nothing but the barrier may write participant_branch");
        }
    }

    void buryRefused(Branch branch) {
        jdbc.update(BURY, branch.participant(), branch.globalId(), branch.branchId());
    }

    void compensationRefused(Branch branch) {
        jdbc.update(COMPENSATION_REFUSED, branch.participant(), branch.globalId(), branch.branchId());
    }

    int purge(Duration age, int limit) {
        return jdbc.update(PURGE, age.toMillis(), limit);
    }

    private static Remembered read(ResultSet row) throws SQLException {
        BranchState state = BranchState.valueOf(row.getString("state"));
        byte[] body = row.getBytes("answer_body");
        Answer answer = Answer.of(
                state == BranchState.REFUSED ? Verdict.REFUSED : Verdict.DONE,
                row.getInt("answer_status"),
                row.getString("answer_reason"),
                row.getString("answer_text"),
                row.getString("answer_type"),
                body == null ? new byte[0] : body);
        return new Remembered(state, row.getBoolean("in_phases"), row.getString("request_hash"), answer);
    }
}
