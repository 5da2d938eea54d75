package io.farandole.boot.audit;

import io.farandole.boot.SagaAutoConfiguration;
import io.farandole.eventstore.Journal;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;

/** What the journal answers, as beans; {@code io.farandole.boot.operations} offers them over HTTP. */
@AutoConfiguration(after = SagaAutoConfiguration.class)
@ConditionalOnClass(name = "io.farandole.audit.package-info")
@ConditionalOnBean(Journal.class)
public class AuditAutoConfiguration {}
