package io.farandole.shop.order.fulfilment;

import io.farandole.shop.kernel.payment.v1.PaymentRefunded;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.annotation.MessageHandlingMember;
import org.axonframework.modelling.saga.AssociationResolver;

/** A refund belongs to the return that asked for it, or, where there is none, to the cancelled order. Axon makes it, so it is public. */
public class RefundProcess implements AssociationResolver {

    @Override
    public <T> void validate(String associationPropertyName, MessageHandlingMember<T> handler) {
        if (handler.payloadType() != PaymentRefunded.class) {
            throw new IllegalArgumentException(
                    "Only refunds are associated by " + getClass().getSimpleName());
        }
    }

    @Override
    public <T> Object resolve(
            String associationPropertyName, EventMessage<?> message, MessageHandlingMember<T> handler) {
        PaymentRefunded refund = (PaymentRefunded) message.getPayload();
        String returnId = refund.returnId();
        return returnId == null ? refund.orderId() : returnId;
    }
}
