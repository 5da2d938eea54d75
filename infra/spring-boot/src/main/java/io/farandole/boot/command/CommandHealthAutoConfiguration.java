package io.farandole.boot.command;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** The health of taking commands. On its own, because a condition on a bean sees only what earlier auto-configurations have registered. */
@AutoConfiguration(after = CommandAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnBean(CommandsOverAmqp.class)
public class CommandHealthAutoConfiguration {

    @Bean
    CommandHealth commandHealthIndicator(CommandsOverAmqp commands, CommandProperties properties) {
        return new CommandHealth(commands, properties.longestWait());
    }
}
