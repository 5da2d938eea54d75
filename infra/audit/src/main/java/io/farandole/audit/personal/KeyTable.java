package io.farandole.audit.personal;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;

/** Table {@code farandole.personal_key}. Joins the caller's transaction; thread-safe. */
final class KeyTable {

    private static final RowMapper<Row> ROW = (row, number) -> new Row(
            row.getString("key_id"),
            row.getString("scope"),
            row.getBytes("wrapped_key"),
            row.getString("master_key_id"));

    private final JdbcTemplate jdbc;

    KeyTable(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    /**
     * One key.
     *
     * @param wrapped null if it was destroyed, as is {@code masterKeyId}
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Row(String keyId, String scope, byte @Nullable [] wrapped, @Nullable String masterKeyId) {}

    Optional<Row> live(String person, String scope) {
        return jdbc
                .query(
                        "select key_id, scope, wrapped_key, master_key_id from farandole.personal_key"
                                + " where person = ? and scope = ? and destroyed_at is null",
                        ROW,
                        person,
                        scope)
                .stream()
                .findFirst();
    }

    /** False if the person has one of that scope; waits for a transaction that is making it. */
    boolean insert(String keyId, String person, String scope, byte[] wrapped, String masterKeyId) {
        return jdbc.update(
                        "insert into farandole.personal_key (key_id, person, scope, wrapped_key, master_key_id)"
                                + " values (?, ?, ?, ?, ?) on conflict (person, scope) where destroyed_at is null do nothing",
                        keyId,
                        person,
                        scope,
                        wrapped,
                        masterKeyId)
                == 1;
    }

    Map<String, Row> find(Collection<String> keyIds) {
        Map<String, Row> found = new HashMap<>();
        jdbc.query(
                        "select key_id, scope, wrapped_key, master_key_id from farandole.personal_key where key_id = any (?)",
                        ROW,
                        (Object) keyIds.toArray(String[]::new))
                .forEach(row -> found.put(row.keyId(), row));
        return found;
    }

    List<String> scopesOf(String person) {
        return jdbc.queryForList(
                "select scope from farandole.personal_key where person = ? and destroyed_at is null order by scope",
                String.class,
                person);
    }

    List<DestroyedKey> destroy(String person, String by, String reason) {
        return jdbc.query(
                "select destroyed_key, destroyed_scope from farandole.destroy_personal_keys(?, ?, ?)",
                (row, number) -> new DestroyedKey(row.getString(1), row.getString(2)),
                person,
                by,
                reason);
    }

    /** Some that are not wrapped by that master key, in the order of their ids. */
    List<Row> wrappedOtherwise(String masterKeyId, String after, int most) {
        return jdbc.query(
                "select key_id, scope, wrapped_key, master_key_id from farandole.personal_key"
                        + " where destroyed_at is null and master_key_id <> ? and key_id > ? order by key_id limit ?",
                ROW,
                masterKeyId,
                after,
                most);
    }

    boolean rewrap(String keyId, byte[] readAs, byte[] wrapped, String masterKeyId) {
        return Boolean.TRUE.equals(jdbc.queryForObject(
                "select farandole.rewrap_personal_key(?, ?, ?, ?)",
                Boolean.class,
                keyId,
                readAs,
                wrapped,
                masterKeyId));
    }
}
