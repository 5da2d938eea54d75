package io.farandole.saga;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.farandole.saga.trip.TripWorld;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** A session that met the sagas' tables while they were small does not read all of them once they are large. */
class PlansIT {

    private static final int ROWS = 20_000;
    private static final String TABLES = "'saga', 'outside_call', 'scheduled_tasks', 'passed_deadline', 'barrier'";

    private TripWorld world;
    private HikariDataSource session;
    private JdbcTemplate jdbc;

    @BeforeEach
    void open() {
        world = new TripWorld();
        for (String table : List.of("saga", "outside_call", "scheduled_tasks", "passed_deadline", "barrier")) {
            world.admin.execute("alter table farandole." + table + " set (autovacuum_enabled = off)");
        }
        HikariConfig one = new HikariConfig();
        one.setDataSource(world.dataSource);
        one.setMaximumPoolSize(1);
        session = new HikariDataSource(one);
        jdbc = new JdbcTemplate(session);
    }

    @AfterEach
    void close() {
        session.close();
        world.close();
    }

    @Test
    void nothingScansATableWhateverSizeItHadWhenItWasPlanned() {
        for (int i = 0; i < 12; i++) {
            everything("early-" + i);
        }
        world.admin.execute("insert into farandole.saga (saga_type, process_key, state, state_version, version)"
                + " select 'trip', 'filler-' || n, '{}', 1, 1 from generate_series(1, " + ROWS + ") n");
        world.admin.execute(
                "insert into farandole.outside_call (kind, process_key, idempotency_key, request, metadata, status,"
                        + " due_at, time_limit_at) select 'charge', 'filler-' || n, 'filler-' || n, '{}', '{}', 'DONE',"
                        + " clock_timestamp(), clock_timestamp() from generate_series(1, " + ROWS + ") n");
        world.admin.execute(
                "insert into farandole.scheduled_tasks (task_name, task_instance, execution_time, picked, version,"
                        + " saga_type, process_key, deadline_name) select 'task', 'filler-' || n, clock_timestamp() + interval '1 day',"
                        + " false, 1, 'trip', 'filler-' || n, 'limit' from generate_series(1, " + ROWS + ") n");
        world.admin.execute("insert into farandole.passed_deadline (deadline_id, saga_type, process_key, deadline_name)"
                + " select 'filler-' || n, 'trip', 'filler-' || n, 'limit' from generate_series(1, " + ROWS + ") n");
        for (int i = 0; i < 8; i++) {
            long before = touched();
            everything("late-" + i);
            assertThat(touched() - before).as("rows that were looked at").isLessThan(150);
        }
    }

    /** Rows that this session has read so far, by scans and by index, as far as it has not reported them yet. */
    private long touched() {
        Long read = jdbc.queryForObject(
                "select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) from pg_stat_xact_user_tables"
                        + " where schemaname = 'farandole' and relname in (" + TABLES + ")",
                Long.class);
        return read == null ? -1 : read;
    }

    /** What a batch of six processes asks of the tables, from their start to their end. */
    private void everything(String name) {
        String keys = "(select array_agg('" + name + "-' || n order by n) from generate_series(1, 6) n)";
        String states = "array_fill('{}'::text, array[6])";
        assertThat(jdbc.queryForList(saveSagas(keys, 0, states, false), String.class))
                .isEmpty();
        assertThat(jdbc.queryForList(
                        "select process_key from farandole.load_sagas('trip', " + keys + ")", String.class))
                .hasSize(6);
        assertThat(jdbc.queryForList(saveSagas(keys, 1, states, true), String.class))
                .isEmpty();
        assertThat(jdbc.queryForList(saveSagas(keys, 1, states, true), String.class))
                .hasSize(6);
        String request = "select * from farandole.request_outside_calls(array_fill('charge'::text, array[6]), " + keys
                + ", " + keys + ", " + states + ", " + states + ", array_fill(60000::bigint, array[6]))";
        assertThat(jdbc.queryForList(request, String.class)).isEmpty();
        assertThat(jdbc.queryForList(request, String.class)).isEmpty();
        List<Long> claimed = jdbc.queryForList(
                "select id from farandole.claim_outside_calls(array['charge'], array[6], array[60000::bigint])",
                Long.class);
        assertThat(claimed).hasSize(6);
        assertThat(jdbc.queryForList(
                        "select * from farandole.close_outside_calls(array" + claimed
                                + "::bigint[], array_fill(1::bigint, array[6]), " + states + ")",
                        Long.class))
                .hasSize(6);
        jdbc.execute(
                "insert into farandole.scheduled_tasks (task_name, task_instance, execution_time, picked, version, saga_type,"
                        + " process_key, deadline_name) select 'task', k, clock_timestamp(), false, 1, 'trip', k, 'limit' from unnest("
                        + keys + ") k");
        assertThat(jdbc.queryForList(
                        "select deadline_id from farandole.pass_deadlines('task', '" + name
                                + "-1', clock_timestamp(), 2)",
                        String.class))
                .hasSize(3);
        jdbc.execute("select farandole.cancel_deadlines('task', array['" + name + "-1', '" + name
                + "-4'], array_fill('trip'::text, array[6]), " + keys + ", array_fill('limit'::text, array[6]))");
        assertThat(jdbc.queryForList(
                        "select farandole.barrier_forward('" + name + "', 'reserve') union all"
                                + " select farandole.barrier_compensate('" + name + "', 'reserve')",
                        String.class))
                .hasSize(2);
    }

    private static String saveSagas(String keys, long version, String states, boolean ended) {
        return "select * from farandole.save_sagas('trip', " + keys + ", array_fill(" + version
                + "::bigint, array[6]), " + states + ", 1, array_fill(" + ended + ", array[6]))";
    }
}
