package io.farandole.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PublicationsTest {

    record Private(String id) {}

    record Secret(String id) {}

    record Published(String id) {}

    private final Publications publications = Publications.builder()
            .publish(Private.class, event -> new Published(event.id()))
            .build();

    @Test
    void translatesWhatOthersMayKnowAndKeepsTheRest() {
        assertThat(publications.publish(new Private("1"))).contains(new Published("1"));
        assertThat(publications.publish(new Secret("1"))).isEmpty();
        assertThat(publications.publish(new Published("1"))).isEmpty();
    }

    @Test
    void refusesTwoTranslatorsForOneClass() {
        assertThatThrownBy(() -> Publications.merge(List.of(publications, publications)))
                .hasMessageContaining("has two translators");
        Publications both = Publications.merge(List.of(
                publications,
                Publications.builder().publish(Secret.class, secret -> "told").build()));
        assertThat(both.publish(new Secret("1"))).contains("told");
    }

    @Test
    void letsAFailingTranslatorFailTheCommand() {
        Publications failing = Publications.builder()
                .publish(Private.class, event -> {
                    throw new IllegalStateException(event.id());
                })
                .build();
        assertThatThrownBy(() -> failing.publish(new Private("7"))).hasMessage("7");
    }
}
