package io.farandole.shop.payment.payroll;

import io.farandole.messaging.EventTypes;
import io.farandole.messaging.JsonCodec;
import io.farandole.saga.outside.OutsideCallHandler;
import io.farandole.saga.outside.OutsideCalls;
import io.farandole.shop.payment.payroll.bank.Bank;
import io.farandole.shop.payment.payroll.bank.Banks;
import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/** Wires payroll: its events' names, always; the rest where banks are configured. */
@Configuration(proxyBeanMethods = false)
class PayrollConfiguration {

    /** Also where it is switched off: what is in the journal stays readable. */
    @Bean
    static EventTypes payrollEvents() {
        return PayrollEvents.TYPES;
    }

    @Configuration(proxyBeanMethods = false)
    @Conditional(OnBanks.class)
    @EnableConfigurationProperties(PayrollSettings.class)
    @Import(BanksRegistrar.class)
    static class WithBanks {

        @Bean
        BankCalls payrollBankCalls(ObjectProvider<OutsideCalls> calls, PayrollSettings settings) {
            return new OutsideBankCalls(call -> calls.getObject().request(call), settings);
        }

        @Bean
        OutsideCallHandler<?, ?> payrollNotice(PayrollSettings settings, JsonCodec codec) {
            return new NoticeCall(settings.callback(), codec);
        }
    }

    /** Two kinds of outside calls for each bank: what is paid and what is taken back must not wait for one another. */
    static class BanksRegistrar implements BeanRegistrar {

        @Override
        public void register(BeanRegistry registry, Environment environment) {
            OnBanks.banks(environment).forEach((name, settings) -> {
                Bank bank = Banks.at(name, settings);
                for (Ask ask : new Ask[] {Ask.PAY, Ask.TAKE_BACK}) {
                    String kind = BankCall.kind(name, ask);
                    registry.registerBean(
                            kind, BankCall.class, spec -> spec.supplier(context -> new BankCall(kind, bank, settings)));
                }
            });
        }
    }
}
