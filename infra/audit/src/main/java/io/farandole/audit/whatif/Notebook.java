package io.farandole.audit.whatif;

import io.farandole.eventstore.RegistrySerializer;
import io.farandole.saga.ReplayedDeadlines;
import io.farandole.saga.outside.OutsideCall;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.axonframework.serialization.SerializationException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Where everything is noted that a saga would do while it handles one event. Used by one thread. */
final class Notebook implements SagaActions {

    private final RegistrySerializer serializer;
    private final Set<String> unanswered = new TreeSet<>();
    private List<Action> page = new ArrayList<>();

    Notebook(RegistrySerializer serializer) {
        this.serializer = serializer;
    }

    /** What was noted since the last time. */
    List<Action> turn() {
        List<Action> written = page;
        page = new ArrayList<>();
        return written;
    }

    @Override
    public void command(String name, @Nullable Object payload) {
        page.add(new Action(Action.Kind.COMMAND, name, fields(payload)));
    }

    @Override
    public void unanswered(String name) {
        unanswered.add(name);
    }

    /** The commands whose answers the saga waited for in vain, since the beginning. */
    Set<String> unanswered() {
        return unanswered;
    }

    @Override
    public void event(Object payload) {
        page.add(new Action(Action.Kind.EVENT, payload.getClass().getSimpleName(), fields(payload)));
    }

    @Override
    public void outsideCall(OutsideCall call) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("processKey", call.processKey());
        content.put("idempotencyKey", call.idempotencyKey());
        content.put(
                "timeLimit", call.timeLimit() == null ? null : call.timeLimit().toString());
        content.put("request", fields(call.request()));
        page.add(new Action(Action.Kind.OUTSIDE_CALL, call.kind(), fields(content)));
    }

    @Override
    public void call(String method, List<@Nullable Object> arguments) {
        page.add(new Action(Action.Kind.CALL, method, fields(arguments)));
    }

    /** By how long after its event it is due: times of their own would never be the same. */
    @Override
    public void scheduled(ReplayedDeadlines.Pending deadline) {
        page.add(new Action(
                Action.Kind.DEADLINE,
                deadline.name(),
                JsonNodeFactory.instance.stringNode(deadline.after().toString())));
    }

    @Override
    public void cancelled(ReplayedDeadlines.Pending deadline) {
        page.add(new Action(Action.Kind.DEADLINE_CANCELLED, deadline.name(), null));
    }

    private @Nullable JsonNode fields(@Nullable Object content) {
        if (content == null) {
            return null;
        }
        try {
            return serializer.fieldsOf(content);
        } catch (SerializationException e) {
            // Told by its class: what it holds cannot be compared then, which the reader sees.
            return JsonNodeFactory.instance.stringNode(
                    "(" + content.getClass().getName() + ", whose fields cannot be written as JSON)");
        }
    }
}
