package io.farandole.axon;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.messaging.Headers;
import java.util.List;
import java.util.Map;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.Message;
import org.junit.jupiter.api.Test;

class ConversationTest {

    private final ConversationData data = new ConversationData();

    @Test
    void theFirstMessageIsTheConversation() {
        CommandMessage<Object> command = GenericCommandMessage.asCommandMessage("place");
        Message<?> started = new ConversationStart(() -> "00-trace-span-01")
                .handle(List.of(command))
                .apply(0, command);
        assertThat(started.getIdentifier()).isEqualTo(command.getIdentifier());
        assertThat(started.getMetaData())
                .containsEntry(Headers.CORRELATION_ID, command.getIdentifier())
                .containsEntry(Headers.TRACEPARENT, "00-trace-span-01");
        Map<String, ?> handedOn = data.correlationDataFor(started);
        assertThat(handedOn.get(Headers.CORRELATION_ID)).isEqualTo(command.getIdentifier());
        assertThat(handedOn.get(Headers.CAUSATION_ID)).isEqualTo(command.getIdentifier());
        assertThat(handedOn.get(Headers.TRACEPARENT)).isEqualTo("00-trace-span-01");
        assertThat(handedOn.containsKey(Headers.PROCESS_KEY)).isFalse();
    }

    @Test
    void laterMessagesStayInItAndNameTheirDirectCause() {
        EventMessage<Object> event = GenericEventMessage.asEventMessage("placed")
                .andMetaData(
                        Map.of(Headers.CORRELATION_ID, "c", Headers.CAUSATION_ID, "x", Headers.PROCESS_KEY, "o-1"));
        assertThat(new ConversationStart(() -> null).handle(List.of(event)).apply(0, event))
                .isSameAs(event);
        Map<String, ?> handedOn = data.correlationDataFor(event);
        assertThat(handedOn.get(Headers.CORRELATION_ID)).isEqualTo("c");
        assertThat(handedOn.get(Headers.CAUSATION_ID)).isEqualTo(event.getIdentifier());
        assertThat(handedOn.get(Headers.PROCESS_KEY)).isEqualTo("o-1");
    }

    @Test
    void aCommandHandsOnTheEventThatHasCausedIt() {
        EventMessage<Object> event = GenericEventMessage.asEventMessage("placed");
        CommandMessage<?> command = new GenericCommandMessage<>("reserve", data.correlationDataFor(event));
        CommandMessage<?> inner = new GenericCommandMessage<>("move", data.correlationDataFor(command));
        assertThat(data.correlationDataFor(command).get(Headers.CAUSATION_ID)).isEqualTo(event.getIdentifier());
        assertThat(data.correlationDataFor(inner).get(Headers.CAUSATION_ID)).isEqualTo(event.getIdentifier());
    }

    @Test
    void theProcessOfAnEventIsItsHeaderElseItsAggregateElseItself() {
        EventMessage<Object> plain = GenericEventMessage.asEventMessage("x");
        assertThat(ProcessKeys.of(plain)).isEqualTo(plain.getIdentifier());
        GenericDomainEventMessage<String> domain = new GenericDomainEventMessage<>("Order", "o-1", 0, "x");
        assertThat(ProcessKeys.of(domain)).isEqualTo("o-1");
        assertThat(ProcessKeys.of(domain.andMetaData(Map.of(Headers.PROCESS_KEY, "r-1"))))
                .isEqualTo("r-1");
        assertThat(Sequencing.perProcess().getSequenceIdentifierFor(domain)).isEqualTo("o-1");
    }
}
