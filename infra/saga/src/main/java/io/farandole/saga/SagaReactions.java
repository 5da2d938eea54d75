package io.farandole.saga;

import io.farandole.saga.step.StepPlan;
import org.axonframework.deadline.DeadlineMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.modelling.saga.ResourceInjector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a saga does with one event or deadline: the step log hears of it, the handler is called, and then the undoing goes on, if it is on.
 * In this order, so that a handler can decide on the undoing, and what it notes counts for it. Thread-safe.
 */
final class SagaReactions<T> {

    private static final Logger log = LoggerFactory.getLogger(SagaReactions.class);

    private final String sagaType;
    private final StepPlan plan;
    private final SagaHandlers<T> handlers;
    private final SagaStateCodec<T> states;
    private final ResourceInjector resources;
    private final Undoing<T> undoing;
    private final SagaObserver observer;

    SagaReactions(
            StepPlan plan,
            SagaHandlers<T> handlers,
            SagaStateCodec<T> states,
            ResourceInjector resources,
            Undoing<T> undoing,
            SagaObserver observer) {
        this.sagaType = plan.saga();
        this.plan = plan;
        this.handlers = handlers;
        this.states = states;
        this.resources = resources;
        this.undoing = undoing;
        this.observer = observer;
    }

    /**
     * Has a saga handle an event or deadline, and start with it if it may; ignores what comes for none or for one that has ended.
     *
     * @param match null if no handler of the saga's is called: for a deadline that the framework keeps
     */
    void handle(EventMessage<?> message, String eventId, SagaHandlers.@Nullable Match<T> match, KeyedSaga<T> saga)
            throws Exception {
        if (saga.ended()) {
            observer.ignoredAsEnded(sagaType);
            log.debug(
                    "Saga {} of process {} has ended; {} {} is ignored",
                    sagaType,
                    saga.processKey(),
                    message.getPayloadType().getSimpleName(),
                    message.getIdentifier());
            return;
        }
        T instance = saga.instance();
        boolean starts = instance == null;
        if (instance == null) {
            if (match == null || !match.starts()) {
                observer.ignoredAsUnknown(sagaType);
                log.debug(
                        "Process {} has no saga {}, and {} {} starts none",
                        saga.processKey(),
                        sagaType,
                        message.getPayloadType().getSimpleName(),
                        message.getIdentifier());
                return;
            }
            instance = states.create();
            resources.injectResources(instance);
            saga.begin(instance);
            observer.started(sagaType);
        }
        undoing.handling(saga, eventId);
        boolean rests = rests(message, match, saga);
        if (message instanceof DeadlineMessage<?> deadline) {
            saga.steps().passed(deadline.getDeadlineName(), eventId);
        } else {
            saga.steps().heard(message.getPayloadType(), eventId, starts);
        }
        if (match == null || rests) {
            saga.touch(eventId);
        } else {
            saga.run(instance, match.association(), eventId, target -> handlers.handle(match, message, target));
        }
        undoing.advance(saga, instance, eventId);
        observer.handled(sagaType);
        if (saga.ended()) {
            observer.ended(sagaType);
        }
    }

    /**
     * Whether its handler would go forwards while the process is being undone. What a handler does cannot be told from outside, so one
     * whose event begins or ends a step is not called at all; thereby it is certain that the step has not begun.
     */
    private boolean rests(EventMessage<?> message, SagaHandlers.@Nullable Match<T> match, KeyedSaga<T> saga) {
        return saga.steps().undoing().isOn()
                && !(message instanceof DeadlineMessage<?>)
                && plan.isForward(message.getPayloadType())
                && (match == null || !handlers.isForUndoing(match));
    }
}
