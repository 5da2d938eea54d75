package io.farandole.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.messaging.Envelope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What must hold of an inbox after whatever happened in between. */
final class Orders {

    private Orders() {}

    /** Nothing lost, nothing doubled, nothing changed, and per process key in the order of the outbox. */
    static void assertSame(List<Envelope> published, List<Envelope> received) {
        assertThat(received).containsExactlyInAnyOrderElementsOf(published);
        assertThat(byKey(received)).isEqualTo(byKey(published));
    }

    private static Map<String, List<String>> byKey(List<Envelope> events) {
        return events.stream()
                .collect(Collectors.groupingBy(
                        Envelope::processKey,
                        LinkedHashMap::new,
                        Collectors.mapping(Envelope::id, Collectors.toList())));
    }
}
