package io.farandole.boot;

import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Refuses to start where the service could change history. */
class AppendOnlyCheck {

    private static final String RIGHTS_TOO_MANY =
            """
            select privilege
              from unnest(array['UPDATE', 'DELETE', 'TRUNCATE']) privilege
             where has_table_privilege(current_user, 'farandole.journal', privilege)""";

    private final JdbcTemplate jdbc;
    private final boolean required;

    AppendOnlyCheck(DataSource dataSource, boolean required) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.required = required;
    }

    void run() {
        if (!required) {
            return;
        }
        List<String> rights = jdbc.queryForList(RIGHTS_TOO_MANY, String.class);
        if (!rights.isEmpty()) {
            throw new FarandoleConfigurationException(
                    "The runtime role (spring.datasource.username) has the rights " + rights
                            + " on farandole.journal, so it could change history.",
                    "Let a login of its own migrate (farandole.migration.user, .password and .role), so that the runtime role"
                            + " owns nothing; or set farandole.journal.require-append-only=false where history need not be"
                            + " protected.");
        }
    }
}
