package io.farandole.audit.rebuild;

import java.util.List;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What a transaction has touched besides the copy, which a replay must not. PostgreSQL keeps a lock on every table that a transaction
 * has read or written, until its end; so this is complete, whoever wrote the statement, and whether it was a function, a view or a
 * handler's own SQL: events, deadlines, requests for outside calls and alerts are rows too.
 */
final class WrittenTables {

    private static final String TOUCHED =
            """
            select n.nspname || '.' || c.relname, bool_or(l.mode not in ('AccessShareLock', 'RowShareLock'))
              from pg_catalog.pg_locks l
              join pg_catalog.pg_class c on c.oid = l.relation
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where l.pid = pg_backend_pid() and l.locktype = 'relation' and l.granted
               and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
               and c.relkind in ('r', 'p', 'm', 'f')
               and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema' and n.nspname <> ?
               and not (l.mode = 'AccessExclusiveLock' and n.nspname || '.' || c.relname = any (?))
             group by 1""";

    private final JdbcTemplate jdbc;
    private final String copySchema;
    private final List<String> live;

    WrittenTables(JdbcTemplate jdbc, long rebuild, List<TableShape> shapes) {
        this.jdbc = jdbc;
        this.copySchema = TableShape.copySchema(rebuild);
        this.live = shapes.stream()
                .map(shape -> shape.schema() + "." + shape.table().name())
                .toList();
    }

    /**
     * Refuses what the transaction has done so far.
     *
     * @param where which handler may have done it
     * @param liveLocked whether the transaction has locked the live tables itself; what a handler does with them is seen nevertheless
     */
    void check(Replaying where, boolean liveLocked) {
        List<Touched> touched = jdbc.query(
                TOUCHED,
                (row, number) -> new Touched(row.getString(1), row.getBoolean(2)),
                copySchema,
                liveLocked ? live.toArray(String[]::new) : new String[0]);
        List<String> met =
                touched.stream().map(Touched::table).filter(live::contains).toList();
        if (!met.isEmpty()) {
            throw new RefusedException(where.where() + " names the live table " + met.get(0)
                    + " with its schema, or asks a view of it, so a replay would not meet its copy. Name it without the schema"
                    + " (spring.jpa.properties.hibernate.default_schema is not to be set)");
        }
        String written =
                touched.stream().filter(Touched::written).map(Touched::table).collect(Collectors.joining(", "));
        if (!written.isEmpty()) {
            throw where.refusal("writes " + written);
        }
    }

    private record Touched(String table, boolean written) {}
}
