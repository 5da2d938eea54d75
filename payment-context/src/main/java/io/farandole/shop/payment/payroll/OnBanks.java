package io.farandole.shop.payment.payroll;

import io.farandole.shop.payment.payroll.bank.BankSettings;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** There are payrolls only where at least one bank is configured. */
public class OnBanks implements Condition {

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return !banks(context.getEnvironment()).isEmpty();
    }

    static Map<String, BankSettings> banks(Environment environment) {
        return Binder.get(environment)
                .bind("shop.payroll.banks", Bindable.mapOf(String.class, BankSettings.class))
                .orElseGet(Map::of);
    }
}
