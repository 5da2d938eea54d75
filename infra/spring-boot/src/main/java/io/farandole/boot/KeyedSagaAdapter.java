package io.farandole.boot;

import io.farandole.axon.BatchPreparing;
import io.farandole.axon.Compensating;
import io.farandole.axon.InterventionAware;
import io.farandole.axon.InterventionDecided;
import io.farandole.axon.LeftOutEvent;
import io.farandole.axon.RetryDeclaring;
import io.farandole.axon.RetryPolicy;
import io.farandole.eventstore.RoundTrip;
import io.farandole.saga.KeyedSagaInvoker;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.Segment;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.ScopeDescriptor;
import org.axonframework.modelling.saga.AbstractSagaManager;
import org.axonframework.modelling.saga.AssociationValue;
import org.axonframework.modelling.saga.Saga;
import org.axonframework.modelling.saga.SagaInitializationPolicy;
import org.axonframework.modelling.saga.SagaRepository;
import org.jspecify.annotations.Nullable;

/**
 * Stands where Axon's configuration wants one of its saga managers, and hands everything to the keyed invoker. Nothing of
 * the manager's own is used.
 *
 * @param <T> the saga's class
 */
class KeyedSagaAdapter<T> extends AbstractSagaManager<T>
        implements BatchPreparing, RetryDeclaring, InterventionAware, Compensating {

    private final KeyedSagaInvoker<T> invoker;

    KeyedSagaAdapter(KeyedSagaInvoker<T> invoker) {
        super(new Builder<>(invoker.sagaClass()));
        this.invoker = invoker;
    }

    @Override
    public boolean canHandle(EventMessage<?> event, Segment segment) {
        return invoker.canHandle(event, segment);
    }

    @Override
    public boolean canHandleType(Class<?> payloadType) {
        return invoker.canHandleType(payloadType);
    }

    @Override
    public void ask(List<? extends EventMessage<?>> batch, Segment segment, RoundTrip first) {
        invoker.ask(batch, segment, first);
    }

    @Override
    public void prepare(List<? extends EventMessage<?>> batch, Segment segment) throws Exception {
        invoker.prepare(batch, segment);
    }

    @Override
    public void handle(EventMessage<?> event, Segment segment) throws Exception {
        invoker.handle(event, segment);
    }

    @Override
    public @Nullable RetryPolicy retryOf(EventMessage<?> event) {
        return invoker.retryOf(event);
    }

    @Override
    public void leftOut(InterventionDecided decided, LeftOutEvent event) throws Exception {
        invoker.leftOut(decided, event);
    }

    @Override
    public boolean canCompensate(String processKey) {
        return invoker.canCompensate(processKey);
    }

    @Override
    public void compensate(InterventionDecided decided, LeftOutEvent failed) throws Exception {
        invoker.compensate(decided, failed);
    }

    /** Deadlines reach sagas as events of the journal, in order, and never by this way. */
    @Override
    public boolean canResolve(ScopeDescriptor scope) {
        return false;
    }

    @Override
    public void send(Message<?> message, ScopeDescriptor scope) {
        throw new UnsupportedOperationException(
                "A keyed saga receives deadlines through the journal: use the DeadlineManager bean");
    }

    @Override
    protected SagaInitializationPolicy getSagaCreationPolicy(EventMessage<?> event) {
        throw new UnsupportedOperationException("The keyed invoker decides what starts a saga");
    }

    @Override
    protected Set<AssociationValue> extractAssociationValues(EventMessage<?> event) {
        throw new UnsupportedOperationException("The keyed invoker finds sagas by process key");
    }

    private static final class Builder<T> extends AbstractSagaManager.Builder<T> {

        Builder(Class<T> type) {
            sagaType(type);
            sagaRepository(new NoRepository<>());
        }
    }

    /** Axon insists on one. */
    private static final class NoRepository<T> implements SagaRepository<T> {

        @Override
        public Set<String> find(AssociationValue associationValue) {
            throw new UnsupportedOperationException("The keyed invoker finds sagas by process key");
        }

        @Override
        public Saga<T> load(String sagaIdentifier) {
            throw new UnsupportedOperationException("The keyed invoker loads sagas");
        }

        @Override
        public Saga<T> createInstance(String sagaIdentifier, Supplier<T> factoryMethod) {
            throw new UnsupportedOperationException("The keyed invoker makes sagas");
        }
    }
}
