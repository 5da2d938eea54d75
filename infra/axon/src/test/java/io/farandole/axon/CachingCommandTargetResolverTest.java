package io.farandole.axon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.modelling.command.AnnotationCommandTargetResolver;
import org.axonframework.modelling.command.CommandTargetResolver;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.axonframework.modelling.command.TargetAggregateVersion;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CachingCommandTargetResolverTest {

    private final CommandTargetResolver resolver = new CachingCommandTargetResolver();
    private final CommandTargetResolver axons =
            AnnotationCommandTargetResolver.builder().build();

    record Reserve(@TargetAggregateIdentifier String productId, int quantity) {}

    record Change(@TargetAggregateIdentifier @Nullable String id, @TargetAggregateVersion Long version) {}

    record Nowhere(String id) {}

    static class Plain {

        @TargetAggregateVersion
        private final String version = "7";

        @TargetAggregateIdentifier
        private final Object id = 12;

        String version() {
            return version + id;
        }
    }

    static class WithGetter {

        @TargetAggregateIdentifier
        String target() {
            return "t";
        }
    }

    @Test
    void findsWhatAxonsResolverFinds() {
        for (Object payload : new Object[] {new Reserve("p", 2), new Change("a", 3L), new Plain(), new WithGetter()}) {
            CommandMessage<Object> command = GenericCommandMessage.asCommandMessage(payload);
            for (int twice = 0; twice < 2; twice++) {
                assertThat(resolver.resolveTarget(command)).isEqualTo(axons.resolveTarget(command));
            }
        }
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(() -> resolver.resolveTarget(GenericCommandMessage.asCommandMessage(new Nowhere("a"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("@TargetAggregateIdentifier")
                .hasMessageContaining("Nowhere");
        assertThatThrownBy(() -> resolver.resolveTarget(GenericCommandMessage.asCommandMessage(new Change(null, 1L))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
