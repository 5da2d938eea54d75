package io.farandole.axon;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of processes that are set aside, oldest first.
 *
 * @param processes at most as many as asked for
 * @param next for {@link ParkedQuery#withAfter}, of letters, digits, hyphens and underscores; null if this page is the last
 */
public record ParkedPage(List<ParkedProcess> processes, @Nullable String next) {

    /** Keeps a copy. */
    public ParkedPage {
        processes = List.copyOf(processes);
    }
}
