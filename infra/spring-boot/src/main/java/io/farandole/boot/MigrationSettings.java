package io.farandole.boot;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the framework's tables are made and changed: by a login of its own, so that the running service cannot change
 * history.
 *
 * @param enabled whether to migrate at start-up; switch off where a deployment step does it
 * @param url JDBC URL for migrations; by default the data source's
 * @param user login that may become the owner; by default the data source's own user, which the append-only check then
 *     refuses unless {@code farandole.journal.require-append-only} is off
 * @param password of that login
 * @param role the owner that the login becomes ({@code SET ROLE}); none by default
 */
@ConfigurationProperties("farandole.migration")
public record MigrationSettings(
        @DefaultValue("true") boolean enabled,
        @Nullable String url,
        @Nullable String user,
        @Nullable String password,
        @Nullable String role) {

    static String quoted(String role) {
        return '"' + role.replace("\"", "\"\"") + '"';
    }

    /** Leaves the password out. */
    @Override
    public String toString() {
        return "MigrationSettings[enabled=" + enabled + ", url=" + url + ", user=" + user + ", role=" + role + "]";
    }
}
