package io.farandole.boot.operations;

import java.util.List;

/**
 * Addresses of a context's own that are for signed-in operators only, as the endpoints for operations are: declare one as a bean. Who is
 * signed in is the request's principal.
 *
 * <p>Where the management server has a port of its own, nobody can sign in on the application's: so let the handler refuse a request
 * without a principal.
 *
 * @param patterns of paths, such as <code>/payrolls/{id}/decisions</code>
 */
public record OperatorsOnly(List<String> patterns) {

    public OperatorsOnly {
        patterns = List.copyOf(patterns);
    }
}
