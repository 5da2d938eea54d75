package io.farandole.boot.operations;

import io.farandole.saga.step.CompensationHandler;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.SagaLifecycle;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.spring.stereotype.Saga;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;

/** A process that cannot go on once its parcel is lost, and that a person can give up. */
@Saga
@ProcessingGroup(ParcelDelivery.PROCESSOR)
public class ParcelDelivery {

    static final String PROCESSOR = "delivery";

    @Autowired
    private transient Courier courier;

    private @Nullable String parcel;

    /** A parcel was handed in. */
    record ParcelHandedIn(String parcel) {}

    /** It cannot be found. */
    record ParcelLost(String parcel) {}

    @StartSaga
    @SagaEventHandler(associationProperty = "parcel")
    void on(ParcelHandedIn event) {
        parcel = event.parcel();
    }

    @SagaEventHandler(associationProperty = "parcel")
    void on(ParcelLost event) {
        throw new IllegalStateException("nobody knows where " + event.parcel() + " is");
    }

    @CompensationHandler
    void payForIt() {
        courier.paidFor.add(String.valueOf(parcel));
        SagaLifecycle.end();
    }
}
