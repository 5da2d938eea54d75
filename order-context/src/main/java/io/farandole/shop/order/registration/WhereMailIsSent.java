package io.farandole.shop.order.registration;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;

/** Part of a feature that is off unless a mail server is configured, {@code spring.mail.host}. */
@ConditionalOnProperty("spring.mail.host")
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface WhereMailIsSent {}
