package io.farandole.saga;

import io.farandole.axon.InterventionDecided;
import io.farandole.saga.step.SagaSteps;
import io.farandole.saga.step.StepStatus;
import org.axonframework.messaging.ScopeDescriptor;
import org.axonframework.modelling.saga.AssociationValue;
import org.axonframework.modelling.saga.AssociationValues;
import org.axonframework.modelling.saga.AssociationValuesImpl;
import org.axonframework.modelling.saga.SagaLifecycle;
import org.axonframework.modelling.saga.SagaScopeDescriptor;
import org.jspecify.annotations.Nullable;

/** The saga of one process key while a batch is handled: none, active, or ended; the scope of its handlers. */
final class KeyedSaga<T> extends SagaLifecycle implements SagaSteps.Running {

    private final String sagaType;
    private final String processKey;
    private final long version;
    private final StepLog steps;
    private final AssociationValues associations = new AssociationValuesImpl();
    private @Nullable T instance;
    private boolean ended;
    private boolean touched;
    private String handled = "";
    private UnknownFields unknownFields = new UnknownFields();

    KeyedSaga(String sagaType, String processKey, long version, @Nullable T instance, boolean ended, StepLog steps) {
        this.sagaType = sagaType;
        this.processKey = processKey;
        this.version = version;
        this.steps = steps;
        this.instance = instance;
        this.ended = ended;
    }

    @FunctionalInterface
    interface Task<T> {
        void run(T saga) throws Exception;
    }

    String processKey() {
        return processKey;
    }

    long version() {
        return version;
    }

    @Nullable T instance() {
        return instance;
    }

    boolean ended() {
        return ended;
    }

    StepLog steps() {
        return steps;
    }

    /** What another version has written and this one does not know. */
    void handOn(UnknownFields unknown) {
        this.unknownFields = unknown;
    }

    UnknownFields unknownFields() {
        return unknownFields;
    }

    /** The handlers say it of the event that they handle. */
    @Override
    public void note(String step, StepStatus status, @Nullable String error) {
        steps.note(step, status, error, handled);
    }

    @Override
    public void begun(String step) {
        steps.begun(step, handled);
    }

    @Override
    public void compensate(String reason) {
        if (ended) {
            throw new IllegalStateException(
                    "Saga " + sagaType + " of process " + processKey
                            + " has ended, and is to be undone: have it undone first, and let its @CompensationCompleted method end it");
        }
        steps.undoing().begin(reason, handled);
    }

    @Override
    public boolean isCompensating() {
        return steps.undoing().isOn();
    }

    /** Whether it has begun and not ended. */
    boolean isActive() {
        return instance != null && !ended;
    }

    /** Notes in the step log that a person had an event left out, and has that written. */
    void leftOut(Class<?> event, String eventId, InterventionDecided decided) {
        touched = true;
        steps.leftOut(event, eventId, decided.decision(), decided.decisionId());
    }

    /** Whether it was handled in this batch, and so has to be written. */
    boolean touched() {
        return touched;
    }

    /** It has handled something without a handler. */
    void touch(String eventId) {
        touched = true;
        handled = eventId;
    }

    void begin(T created) {
        instance = created;
    }

    /**
     * Runs a handler in the saga's scope; what it throws is thrown as it is.
     *
     * @param eventId of what it handles
     */
    void run(T saga, @Nullable AssociationValue association, String eventId, Task<T> task) throws Exception {
        touch(eventId);
        if (association != null) {
            associations.add(association);
        }
        executeWithResult(() -> {
            task.run(saga);
            return true;
        });
    }

    /** While it is being undone, an end would leave what is not undone yet as it is. */
    @Override
    protected void doEnd() {
        if (steps.undoing().isUnderWay()) {
            throw new IllegalStateException("Saga " + sagaType + " of process " + processKey
                    + " ends while it is being undone: let its @CompensationCompleted method end it");
        }
        ended = true;
        steps.sagaEnded();
    }

    @Override
    protected void doAssociateWith(AssociationValue association) {
        if (!processKey.equals(association.getValue())) {
            throw new SagaKeyMismatchException(
                    "Saga " + sagaType + " of process " + processKey + " associates itself with "
                            + association.getKey() + " = " + association.getValue() + ". A keyed saga has one process"
                            + " key, and sees the events of that process only: let the other events carry this process key, or make a"
                            + " saga of their own for the other key");
        }
        associations.add(association);
    }

    @Override
    protected void doRemoveAssociation(AssociationValue association) {
        throw new SagaKeyMismatchException(
                "Saga " + sagaType + " of process " + processKey + " removes its association with "
                        + association.getKey() + ". A keyed saga keeps its process key until it ends: end it instead");
    }

    @Override
    protected AssociationValues getAssociationValues() {
        return associations;
    }

    @Override
    protected String type() {
        return sagaType;
    }

    @Override
    protected String getSagaIdentifier() {
        return processKey;
    }

    @Override
    public ScopeDescriptor describeScope() {
        return new SagaScopeDescriptor(sagaType, processKey);
    }
}
