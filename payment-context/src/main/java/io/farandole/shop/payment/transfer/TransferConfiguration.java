package io.farandole.shop.payment.transfer;

import io.farandole.messaging.EventTypes;
import io.farandole.saga.outside.OutsideCallHandler;
import io.farandole.saga.outside.OutsideCalls;
import io.farandole.shop.payment.transfer.bank.Banks;
import io.farandole.shop.payment.transfer.bank.HeldTransfers;
import io.farandole.shop.payment.transfer.bank.XaTransfers;
import org.axonframework.config.EventProcessingConfigurer;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires transfers: the events' names always, for they may be in the journal; all else where there are banks. */
@Configuration(proxyBeanMethods = false)
class TransferConfiguration {

    @Bean
    static EventTypes transferEvents() {
        return TransferEvents.TYPES;
    }

    /** Everything that needs banks. */
    @Configuration(proxyBeanMethods = false)
    @WithBanks
    @EnableConfigurationProperties(TransferSettings.class)
    static class BetweenBanks {

        @Autowired
        void subscribe(EventProcessingConfigurer events) {
            events.registerSubscribingEventProcessor(TransferViewProjection.GROUP)
                    .registerListenerInvocationErrorHandler(
                            TransferViewProjection.GROUP, configuration -> PropagatingErrorHandler.instance())
                    .registerErrorHandler(
                            TransferViewProjection.GROUP, configuration -> PropagatingErrorHandler.instance());
        }

        @Bean
        Banks banks(TransferSettings settings) {
            return new Banks(settings.banks(), settings.timeouts(), settings.connections());
        }

        @Bean
        XaRoad xaRoad(Banks banks, TransferSettings settings) {
            return new XaRoad(banks, settings.timeouts(), settings.xa());
        }

        @Bean
        HeldTransfers heldTransfers(Banks banks) {
            return new HeldTransfers(banks);
        }

        @Bean
        BankCalls bankCalls(ObjectProvider<OutsideCalls> calls, TransferSettings settings) {
            return new OutsideBankCalls(call -> calls.getObject().request(call), settings);
        }

        @Bean
        OutsideCallHandler<?, ?> transferXaHandler(XaRoad xa) {
            return new BankCall(TransferStep.XA, order -> xa.ask(order, XaTransfers::transfer));
        }

        @Bean
        OutsideCallHandler<?, ?> transferCancelHandler(XaRoad xa) {
            return new BankCall(TransferStep.CANCEL, order -> xa.ask(order, XaTransfers::cancel));
        }

        @Bean
        OutsideCallHandler<?, ?> transferHoldHandler(HeldTransfers banks) {
            return new BankCall(TransferStep.HOLD, banks::hold);
        }

        @Bean
        OutsideCallHandler<?, ?> transferCreditHandler(HeldTransfers banks) {
            return new BankCall(TransferStep.CREDIT, banks::credit);
        }

        @Bean
        OutsideCallHandler<?, ?> transferTakeHandler(HeldTransfers banks) {
            return new BankCall(TransferStep.TAKE, banks::take);
        }

        @Bean
        OutsideCallHandler<?, ?> transferReleaseHandler(HeldTransfers banks) {
            return new BankCall(TransferStep.RELEASE, banks::release);
        }
    }
}
