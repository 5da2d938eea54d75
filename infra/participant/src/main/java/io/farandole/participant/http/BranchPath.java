package io.farandole.participant.http;

import io.farandole.participant.Branch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A path such as {@code /banks/{participant}/payroll/{globalId}/{branchId}}, matched segment by segment; a slash at the end makes
 * no difference.
 */
final class BranchPath {

    private static final String PARTICIPANT = "{participant}";
    private static final String GLOBAL_ID = "{globalId}";
    private static final String BRANCH_ID = "{branchId}";

    private final List<String> segments;

    BranchPath(String template) {
        this.segments = segmentsOf(template);
        if (!template.startsWith("/") || !segments.contains(GLOBAL_ID) || !segments.contains(BRANCH_ID)) {
            throw new IllegalArgumentException("A branch's path looks like /payroll/{globalId}/{branchId}, perhaps with"
                    + " a {participant}; not '" + template + "'");
        }
    }

    boolean matches(String path) {
        List<String> given = segmentsOf(path);
        if (given.size() != segments.size()) {
            return false;
        }
        for (int i = 0; i < given.size(); i++) {
            if (!isVariable(segments.get(i)) && !segments.get(i).equals(given.get(i))) {
                return false;
            }
        }
        return true;
    }

    /**
     * The branch that a path names.
     *
     * @param path one that {@link #matches}
     * @param participant used where the template names none
     * @throws IllegalArgumentException if an id is none
     */
    Branch branchOf(String path, String participant) {
        List<String> given = segmentsOf(path);
        String named = valueOf(PARTICIPANT, given);
        return new Branch(named == null ? participant : named, required(GLOBAL_ID, given), required(BRANCH_ID, given));
    }

    private String required(String variable, List<String> given) {
        String value = valueOf(variable, given);
        return value == null ? "" : value;
    }

    private @Nullable String valueOf(String variable, List<String> given) {
        int at = segments.indexOf(variable);
        return at == -1 ? null : given.get(at);
    }

    private static boolean isVariable(String segment) {
        return segment.startsWith("{");
    }

    private static List<String> segmentsOf(String path) {
        List<String> segments = new ArrayList<>(Arrays.asList(path.split("/", -1)));
        if (segments.size() > 1 && segments.get(segments.size() - 1).isEmpty()) {
            segments.remove(segments.size() - 1);
        }
        return segments;
    }
}
