package io.farandole.participant;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The same branch is being worked on by another call, which has not ended within the wait. Nothing was done: repeat it. */
public final class BranchBusyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    BranchBusyException(Branch branch, Duration wait, @Nullable Throwable cause) {
        super(
                "Branch " + branch + " is being worked on by another call, which has not ended within "
                        + wait.toMillis() + " ms; nothing was done, repeat it under the same ids",
                cause);
    }
}
