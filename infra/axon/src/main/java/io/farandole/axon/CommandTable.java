package io.farandole.axon;

import io.farandole.messaging.command.Answer;
import io.farandole.messaging.command.ReceivedCommand;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The statements over {@code farandole.command}. They join the transaction bound to the thread, which is READ COMMITTED: who has waited
 * for another's row sees what that one has committed. Due times are the database's. Thread-safe.
 */
final class CommandTable {

    private static final String COLUMNS =
            "sender, id, type, body, reply_to, correlation_id, traceparent, not_after, attempts";

    private final JdbcTemplate jdbc;

    CommandTable(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    /** By what a command is known. */
    record Key(String sender, String id) {
        static Key of(ReceivedCommand command) {
            return new Key(command.sender(), command.id());
        }
    }

    /** What a repetition meets. */
    record Known(String fingerprint, @Nullable Answer answer) {}

    /** A command that waits, locked by this transaction. */
    record Waiting(
            Key key,
            String type,
            String body,
            @Nullable String replyTo,
            String correlationId,
            @Nullable String traceparent,
            @Nullable Instant notAfter,
            int attempts) {

        private static Waiting of(ResultSet row, int number) throws SQLException {
            OffsetDateTime notAfter = row.getObject("not_after", OffsetDateTime.class);
            return new Waiting(
                    new Key(row.getString("sender"), row.getString("id")),
                    row.getString("type"),
                    row.getString("body"),
                    row.getString("reply_to"),
                    row.getString("correlation_id"),
                    row.getString("traceparent"),
                    notAfter == null ? null : notAfter.toInstant(),
                    row.getInt("attempts"));
        }

        @Override
        public String toString() {
            return type + " " + key.id() + " of " + key.sender();
        }
    }

    static String correlationOf(ReceivedCommand command) {
        return command.correlationId() == null ? command.id() : command.correlationId();
    }

    static Answer refusalOf(ReceivedCommand command) {
        return Answer.refused(command.sender(), command.id(), command.refusal().orElseThrow());
    }

    /** Stores those whose keys are new, the refused ones with their answers; the keys stored. */
    Set<Key> insert(List<ReceivedCommand> commands) {
        List<Optional<Answer>> answers = commands.stream()
                .map(command -> command.refusal().map(refused -> refusalOf(command)))
                .toList();
        return new HashSet<>(jdbc.query(
                """
                insert into farandole.command (sender, id, type, fingerprint, body, reply_to, correlation_id, traceparent,
                    not_after, answer_id, outcome, reason, answer, answered_at)
                select sender, id, type, fingerprint, body, reply_to, correlation_id, traceparent, not_after, answer_id, outcome,
                    reason, answer, case when answer_id is not null then clock_timestamp() end
                from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                    ?::timestamptz[], ?::text[], ?::text[], ?::text[], ?::text[]) with ordinality
                    as given (sender, id, type, fingerprint, body, reply_to, correlation_id, traceparent, not_after,
                    answer_id, outcome, reason, answer, number)
                order by number
                on conflict (sender, id) do nothing
                returning sender, id""",
                (row, number) -> new Key(row.getString(1), row.getString(2)),
                column(commands, ReceivedCommand::sender),
                column(commands, ReceivedCommand::id),
                column(commands, ReceivedCommand::type),
                column(commands, ReceivedCommand::fingerprint),
                column(commands, command -> command.refusal().isPresent() ? null : command.body()),
                column(commands, ReceivedCommand::replyTo),
                column(commands, CommandTable::correlationOf),
                column(commands, ReceivedCommand::traceparent),
                column(
                        commands,
                        command -> command.notAfter() == null
                                ? null
                                : command.notAfter().toString()),
                column(answers, answer -> answer.map(Answer::id).orElse(null)),
                column(answers, answer -> answer.map(Answer::outcome).orElse(null)),
                column(answers, answer -> answer.map(Answer::reason).orElse(null)),
                column(answers, answer -> answer.map(Answer::body).orElse(null))));
    }

    private static <T> @Nullable String[] column(List<T> rows, Function<T, @Nullable String> column) {
        @Nullable String[] values = new String[rows.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = column.apply(rows.get(i));
        }
        return values;
    }

    /**
     * What is known of these, locked until the transaction ends; in the order of keys, so that two callers cannot deadlock. Waits for
     * one that is being carried out: then its answer is there.
     */
    Map<Key, Known> lock(Collection<ReceivedCommand> commands) {
        Map<Key, Known> known = new HashMap<>();
        List<ReceivedCommand> list = List.copyOf(commands);
        jdbc.query(
                """
                select sender, id, fingerprint, answer_id, outcome, reason, answer from farandole.command
                where (sender, id) in (select * from unnest(?::text[], ?::text[])) order by sender, id for update""",
                row -> {
                    String answerId = row.getString("answer_id");
                    Answer answer = answerId == null
                            ? null
                            : new Answer(
                                    answerId,
                                    row.getString("outcome"),
                                    row.getString("reason"),
                                    row.getString("answer"));
                    known.put(
                            new Key(row.getString("sender"), row.getString("id")),
                            new Known(row.getString("fingerprint"), answer));
                },
                column(list, ReceivedCommand::sender),
                column(list, ReceivedCommand::id));
        return known;
    }

    /** The answer goes where the sender asked for it last. */
    void redirect(ReceivedCommand command) {
        jdbc.update(
                "update farandole.command set reply_to = ?, correlation_id = ? where sender = ? and id = ?",
                command.replyTo(),
                correlationOf(command),
                command.sender(),
                command.id());
    }

    /** Those that are due, oldest first, locked until the transaction ends; without those that another instance has. */
    List<Waiting> due(int limit) {
        return jdbc.query(
                "select " + COLUMNS + " from farandole.command where answer_id is null and due_at <= clock_timestamp()"
                        + " order by position limit ? for update skip locked",
                Waiting::of,
                limit);
    }

    /** One that still waits, locked until the transaction ends; empty if it was answered meanwhile, or another instance has it. */
    Optional<Waiting> waiting(Key key) {
        return jdbc
                .query(
                        "select " + COLUMNS
                                + " from farandole.command where sender = ? and id = ? and answer_id is null"
                                + " for update skip locked",
                        Waiting::of,
                        key.sender(),
                        key.id())
                .stream()
                .findFirst();
    }

    /** Keeps answers, and forgets what was asked. The lists belong together. */
    void answer(List<Waiting> commands, List<Answer> answers) {
        jdbc.update(
                """
                update farandole.command c set answer_id = given.answer_id, outcome = given.outcome, reason = given.reason,
                    answer = given.answer, answered_at = clock_timestamp(), body = null
                from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
                    as given (sender, id, answer_id, outcome, reason, answer)
                where c.sender = given.sender and c.id = given.id""",
                column(commands, command -> command.key().sender()),
                column(commands, command -> command.key().id()),
                column(answers, Answer::id),
                column(answers, Answer::outcome),
                column(answers, Answer::reason),
                column(answers, Answer::body));
    }

    /** It failed: it is tried again after a wait, but no later than its time limit, when it is refused. */
    void failed(Waiting command, int attempts, String failure, Duration wait) {
        jdbc.update(
                """
                update farandole.command set attempts = ?, failure = ?,
                    due_at = least(clock_timestamp() + ? * interval '1 millisecond', not_after)
                where sender = ? and id = ? and answer_id is null""",
                attempts,
                failure,
                wait.toMillis(),
                command.key().sender(),
                command.key().id());
    }

    int purge(Duration answeredBefore, int limit) {
        return jdbc.update(
                """
                delete from farandole.command where (sender, id) in (
                    select sender, id from farandole.command
                    where answer_id is not null and answered_at < clock_timestamp() - ? * interval '1 second' limit ?)""",
                answeredBefore.toSeconds(),
                limit);
    }

    StoredCommands.Backlog backlog() {
        return Objects.requireNonNull(jdbc.queryForObject(
                """
                select count(*), count(*) filter (where attempts > 0), (select count(*) from farandole.command_reply),
                    coalesce(extract(epoch from clock_timestamp() - min(received_at)) * 1000, 0)::bigint
                from farandole.command where answer_id is null""",
                (row, number) -> new StoredCommands.Backlog(
                        row.getLong(1), row.getLong(2), row.getLong(3), Duration.ofMillis(row.getLong(4)))));
    }
}
