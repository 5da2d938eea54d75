package io.farandole.shop.order.coordination;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Conditional;

/** Only where the coordinator is switched on: any of {@code shop.order.coordination.*} is set. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Conditional(CoordinationConfigured.class)
public @interface Coordinated {}
