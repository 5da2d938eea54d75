package io.farandole.axon;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.Segment;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A handler of {@link Ticked} that leaves its effect, hears what is left out, and can compensate: a compensation is the effect 0. What
 * it heard of counts once it is committed.
 */
final class Undoing implements EventHandlerInvoker, InterventionAware, Compensating {

    private final JdbcTemplate jdbc;
    private final Queue<String> heard;
    private final Instance.Step step;
    private final Instance.Step undoing;

    /**
     * A handler of the processor "p".
     *
     * @param heard where it tells what was left out
     * @param step before each effect
     * @param undoing when it hears of an event that it can read, and after the effect of a compensation
     */
    Undoing(JdbcTemplate jdbc, Queue<String> heard, Instance.Step step, Instance.Step undoing) {
        this.jdbc = jdbc;
        this.heard = heard;
        this.step = step;
        this.undoing = undoing;
    }

    @Override
    public boolean canHandle(EventMessage<?> event, Segment segment) {
        return event.getPayloadType() == Ticked.class && segment.matches(ProcessKeys.of(event));
    }

    @Override
    public void handle(EventMessage<?> event, Segment segment) throws Exception {
        Ticked ticked = (Ticked) event.getPayload();
        step.on(ticked, jdbc);
        effect(ticked.key(), ticked.number());
    }

    @Override
    public void leftOut(InterventionDecided decided, LeftOutEvent event) throws Exception {
        hear(decided, event);
    }

    /** All but the process "hopeless". */
    @Override
    public boolean canCompensate(String processKey) {
        return !processKey.equals("hopeless");
    }

    @Override
    public void compensate(InterventionDecided decided, LeftOutEvent failed) throws Exception {
        effect(decided.processKey(), 0);
        hear(decided, failed);
    }

    private void hear(InterventionDecided decided, LeftOutEvent event) throws Exception {
        Ticked ticked = of(event.messages());
        if (ticked != null) {
            undoing.on(ticked, jdbc);
        }
        String what = decided.decision() + " " + (ticked == null ? "unreadable" : ticked.key() + "-" + ticked.number());
        List<String> inUnit = CurrentUnitOfWork.get().getOrComputeResource("heard", key -> {
            List<String> all = new ArrayList<>();
            CurrentUnitOfWork.get().afterCommit(u -> heard.addAll(all));
            return all;
        });
        inUnit.add(what);
    }

    private static @Nullable Ticked of(List<EventMessage<?>> messages) {
        return messages.isEmpty() ? null : (Ticked) messages.get(0).getPayload();
    }

    private void effect(String key, int number) {
        jdbc.update("insert into app.effect (processor, process_key, number) values ('p', ?, ?)", key, number);
    }
}
