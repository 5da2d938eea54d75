package io.farandole.axon;

import io.farandole.messaging.command.Answer;
import io.farandole.messaging.command.Reply;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** The statements over {@code farandole.command_reply}. They join the transaction bound to the thread. Thread-safe. */
final class ReplyTable {

    private final JdbcTemplate jdbc;

    ReplyTable(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    /** An answer, and where it goes. */
    record Queued(String replyTo, String correlationId, String commandType, Answer answer) {}

    void queue(List<Queued> queued) {
        if (queued.isEmpty()) {
            return;
        }
        jdbc.update(
                """
                insert into farandole.command_reply (reply_to, correlation_id, command_type, reply_id, outcome, body)
                select * from unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])""",
                queued.stream().map(Queued::replyTo).toArray(String[]::new),
                queued.stream().map(Queued::correlationId).toArray(String[]::new),
                queued.stream().map(Queued::commandType).toArray(String[]::new),
                queued.stream().map(one -> one.answer().id()).toArray(String[]::new),
                queued.stream().map(one -> one.answer().outcome()).toArray(String[]::new),
                queued.stream().map(one -> one.answer().body()).toArray(String[]::new));
    }

    List<Reply> take(int limit, Duration takenFor) {
        // What another instance is taking is skipped, not waited for. The update hands them out in no order.
        List<Reply> taken = jdbc.query(
                """
                update farandole.command_reply set taken_until = clock_timestamp() + ? * interval '1 millisecond'
                where position in (
                    select position from farandole.command_reply where taken_until < clock_timestamp()
                    order by position limit ? for update skip locked)
                returning position, reply_id, reply_to, correlation_id, command_type, outcome, body""",
                (row, number) -> new Reply(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        row.getString(7)),
                takenFor.toMillis(),
                limit);
        return taken.stream().sorted(Comparator.comparingLong(Reply::position)).toList();
    }

    void delete(Collection<Long> positions) {
        jdbc.update("delete from farandole.command_reply where position = any (?)", (Object) array(positions));
    }

    void giveBack(Collection<Long> positions) {
        jdbc.update("update farandole.command_reply set taken_until = '-infinity' where position = any (?)", (Object)
                array(positions));
    }

    private static Long[] array(Collection<Long> positions) {
        return positions.toArray(Long[]::new);
    }
}
