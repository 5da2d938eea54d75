package io.farandole.audit.whatif;

import io.farandole.saga.ReplayedDeadlines;
import io.farandole.saga.outside.OutsideCall;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hears what a saga would do while it is replayed, as it would do it. Used by the thread of the replay. */
public interface SagaActions extends ReplayedDeadlines.Listener {

    /**
     * It sends a command.
     *
     * @param name simple, as the log shows it
     */
    void command(String name, @Nullable Object payload);

    /** It waited for the answer of a command, for which there was no reply. */
    void unanswered(String name);

    /** It publishes an event. */
    void event(Object payload);

    /** It requests a call to a system outside. */
    void outsideCall(OutsideCall call);

    /**
     * It calls an injected interface that nobody has given.
     *
     * @param method with the interface's simple name before it
     */
    void call(String method, List<@Nullable Object> arguments);
}
