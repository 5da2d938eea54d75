package io.farandole.axon;

import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The statements over {@code farandole.processor_brake}: which processors are braked in which instance, so that another instance,
 * which may retry without handling a segment, does not count what nobody can handle. A row is valid for a while after it was
 * last confirmed: an instance that dies while it is braked leaves nothing behind that matters.
 *
 * <p>All join the transaction of the thread. All times are the database's. Thread-safe.
 */
final class BrakeTable {

    private static final Duration VALID = Duration.ofMinutes(1);

    private final JdbcTemplate jdbc;

    BrakeTable(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    /** Tells, or confirms, that a processor is braked in an instance. */
    void confirm(BrakedProcessor braked, String instance) {
        jdbc.update(
                "insert into farandole.processor_brake (processor, instance, error_class, valid_until)"
                        + " values (?, ?, ?, clock_timestamp() + ? * interval '1 millisecond')"
                        + " on conflict (processor, instance) do update set valid_until = excluded.valid_until",
                braked.processor(),
                instance,
                braked.errorClass(),
                VALID.toMillis());
    }

    /** Takes it back, with what dead instances have left. What another one is just about to delete is left to it. */
    void release(String processor, String instance) {
        jdbc.update(
                "delete from farandole.processor_brake where (processor, instance) in"
                        + " (select processor, instance from farandole.processor_brake where processor = ?"
                        + " and (instance = ? or valid_until < clock_timestamp()) for update skip locked)",
                processor,
                instance);
    }

    /** Whether a processor is braked in any instance. */
    boolean isBraked(String processor) {
        return Boolean.TRUE.equals(jdbc.queryForObject(
                "select exists (select from farandole.processor_brake"
                        + " where processor = ? and valid_until > clock_timestamp())",
                Boolean.class,
                processor));
    }
}
