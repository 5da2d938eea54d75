package io.farandole.asyncapi;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the AsyncAPI document introduces itself; what it says of events and commands is not configured.
 *
 * @param title its title; the context's name if it is not set
 * @param version the version of the contract, not of the program: each event and command has its own in its wire type
 * @param description a sentence or more, in Markdown; a general one if it is not set
 */
@ConfigurationProperties("farandole.asyncapi")
public record AsyncApiProperties(
        @Nullable String title, @DefaultValue("1") String version, @Nullable String description) {

    String titleOr(String context) {
        return title == null || title.isBlank() ? context : title;
    }

    String descriptionOr(String context) {
        return description == null || description.isBlank()
                ? "What the context " + context + " publishes, follows and accepts over RabbitMQ."
                : description;
    }
}
