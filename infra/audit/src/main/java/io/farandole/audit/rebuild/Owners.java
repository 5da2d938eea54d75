package io.farandole.audit.rebuild;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The processes, or the aggregates, that a limited rebuild is about; immutable.
 *
 * <p><b>How their rows are found.</b> Of a few, by the index that begins with their keys: all of their rows are read for each batch, which
 * are not many. Of many, that would be the work of the whole rebuild for each of its batches. Then the journal is read in its order, and each
 * row is asked whether it is one of theirs; {@code offset 0} keeps the planner from turning that round, as it does while the table of
 * owners has no statistics, and it has none: it was filled a moment ago.
 */
final class Owners {

    static final int FEW = 1_000;

    private final long rebuild;
    private final boolean limited;
    private final String @Nullable [] few;

    private Owners(long rebuild, boolean limited, String @Nullable [] few) {
        this.rebuild = rebuild;
        this.limited = limited;
        this.few = few;
    }

    /** Those that were found as the rebuild began. */
    static Owners of(RebuildTable table, long rebuild, Limit limit) {
        if (!limit.isLimited()) {
            return new Owners(rebuild, false, null);
        }
        List<String> keys = table.owners(rebuild, FEW + 1);
        return new Owners(rebuild, true, keys.size() > FEW ? null : keys.toArray(String[]::new));
    }

    /** Whether it is about some of them only. */
    boolean areLimited() {
        return limited;
    }

    /**
     * A condition on rows {@code j} of the journal, to be added to others; empty if all of them are meant.
     *
     * @param column that holds the key
     * @param parameters is given what the condition asks for
     */
    String condition(String column, List<Object> parameters) {
        if (!limited) {
            return "";
        }
        if (few != null) {
            parameters.add(few);
            return " and j." + column + " = any (?)";
        }
        parameters.add(rebuild);
        return " and exists (select from farandole.rebuild_process p where p.rebuild = ? and p.process_key = j."
                + column + " offset 0)";
    }
}
