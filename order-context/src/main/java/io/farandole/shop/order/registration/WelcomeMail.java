package io.farandole.shop.order.registration;

import io.farandole.axon.Retries;
import io.farandole.saga.step.Step;
import io.farandole.shop.order.registration.CustomerCommand.ReviewFailure;
import io.farandole.shop.order.registration.CustomerEvent.WelcomeMailDropped;
import io.farandole.shop.order.registration.CustomerEvent.WelcomeMailFailed;
import io.farandole.shop.order.registration.CustomerEvent.WelcomeMailRequested;
import io.farandole.shop.order.registration.CustomerEvent.WelcomeMailSent;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.messaging.annotation.MessageIdentifier;
import org.axonframework.modelling.saga.EndSaga;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.spring.stereotype.Saga;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * Follows a welcome mail until it was sent, or the customer is erased.
 *
 * <p>One that has failed is set aside for a person, by an exception: at its first attempt, for to look at it again is of no use by itself.
 * A retry means to send it again. A skip leaves it failed; a corrected address begins another round in either case.
 */
@Step(
        name = "welcome mail",
        startedBy = WelcomeMailRequested.class,
        completedBy = {WelcomeMailSent.class, WelcomeMailDropped.class},
        failedBy = WelcomeMailFailed.class,
        outsideCall = OutsideWelcomeMails.KIND,
        irreversible = "a mail that was sent cannot be taken back")
@Saga
@WhereMailIsSent
@ProcessingGroup(WelcomeMail.GROUP)
public class WelcomeMail {

    static final String GROUP = "welcome-mail";

    @Autowired
    private transient CommandGateway commands;

    @Autowired
    private transient WelcomeMails mails;

    @Autowired
    private transient OperatorDecisions decisions;

    @StartSaga
    @SagaEventHandler(associationProperty = "customerId")
    void on(WelcomeMailRequested event) {
        mails.send(event.customerId(), event.round());
    }

    @Retries("1 attempt, each wait 1 s")
    @SagaEventHandler(associationProperty = "customerId")
    void on(WelcomeMailFailed event, @MessageIdentifier String eventId) {
        boolean again = decisions.wantsAgain(event.customerId(), eventId);
        Boolean open = commands.sendAndWait(new ReviewFailure(event.customerId(), event.round(), again));
        if (!Boolean.FALSE.equals(open)) {
            throw new WelcomeMailUndeliveredException(event.customerId(), FailureText.of(event));
        }
    }

    @EndSaga
    @SagaEventHandler(associationProperty = "customerId")
    void on(WelcomeMailSent event) {}

    @EndSaga
    @SagaEventHandler(associationProperty = "customerId")
    void on(WelcomeMailDropped event) {}
}
