package io.farandole.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.messaging.EventTypes;
import io.farandole.messaging.JsonCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.GapAwareTrackingToken;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.MergedTrackingToken;
import org.axonframework.eventhandling.MultiSourceTrackingToken;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.ConfigToken;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.SerializationException;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.UnknownSerializedType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class RegistrySerializerTest {

    private final RegistrySerializer serializer = RegistrySerializer.builder(Sample.types(), new JsonCodec())
            .aggregate("order.order", 3, Order.class)
            .build();

    @Test
    void writesAnEventUnderItsRegisteredNameAndVersion() {
        SerializedObject<String> written =
                serializer.serialize(new Sample.PublishedOrderCancelled("o-1"), String.class);

        assertThat(written.getType().getName()).isEqualTo("order.cancelled");
        assertThat(written.getType().getRevision()).isEqualTo("2");
        assertThat(written.getData()).isEqualTo("{\"orderId\":\"o-1\"}");
        assertThat(serializer.<String, Object>deserialize(written))
                .isEqualTo(new Sample.PublishedOrderCancelled("o-1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "java.util.HashMap",
                "java.lang.Runtime",
                "org.axonframework.eventhandling.GlobalSequenceTrackingToken",
                "order.unheard-of",
                "io.farandole.eventstore.Sample$OrderPlaced"
            })
    void doesNotKnowAnyOtherName(String name) {
        SerializedObject<String> foreign =
                new SimpleSerializedObject<>("{\"orderId\":\"o-1\"}", String.class, name, "1");

        assertThat(serializer.classForType(foreign.getType())).isEqualTo(UnknownSerializedType.class);
        Object unknown = serializer.deserialize(foreign);
        assertThat(unknown).isInstanceOf(UnknownSerializedType.class);
        assertThat(((UnknownSerializedType) unknown)
                        .readData(JsonNode.class)
                        .get("orderId")
                        .asString())
                .isEqualTo("o-1");
    }

    @Test
    void doesNotKnowAnotherVersionOfAKnownName() {
        SerializedObject<String> newer = new SimpleSerializedObject<>("{}", String.class, "order.order-placed", "2");

        assertThat(serializer.<String, Object>deserialize(newer)).isInstanceOf(UnknownSerializedType.class);
    }

    @Test
    void refusesToWriteAClassThatIsNotRegisteredAndSaysHowToRegisterIt() {
        assertThatThrownBy(() -> serializer.serialize(new java.util.BitSet(), String.class))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("java.util.BitSet")
                .hasMessageContaining("EventTypes");
    }

    @Test
    void doesNotLetTextChooseAClass() {
        SerializedObject<String> hostile = new SimpleSerializedObject<>(
                "{\"@class\":\"java.lang.Runtime\",\"orderId\":\"o-1\",\"total\":1,\"note\":\"n\"}",
                String.class,
                "order.order-placed",
                "1");

        assertThat(serializer.<String, Object>deserialize(hostile)).isEqualTo(new Sample.OrderPlaced("o-1", 1, "n"));
    }

    @Test
    void refusesOneNameForTwoClassesAndTwoNamesForOneClass() {
        assertThatThrownBy(() -> RegistrySerializer.builder(Sample.types(), new JsonCodec())
                        .aggregate("order.order-placed", 1, Order.class)
                        .build())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> RegistrySerializer.builder(
                                EventTypes.builder()
                                        .event("order.x", 1, Order.class)
                                        .build(),
                                new JsonCodec())
                        .aggregate("order.order", 1, Order.class)
                        .build())
                .isInstanceOf(IllegalArgumentException.class);
    }

    static List<TrackingToken> tokens() {
        TrackingToken five = new GlobalSequenceTrackingToken(5);
        TrackingToken nine = new GlobalSequenceTrackingToken(9);
        return List.of(
                five,
                ReplayToken.createReplayToken(nine, null),
                ReplayToken.createReplayToken(nine, five, "because"),
                ReplayToken.createReplayToken(nine, five, new Sample.OrderCancelled("o-1")),
                new MergedTrackingToken(five, nine),
                new MergedTrackingToken(ReplayToken.createReplayToken(nine, five), nine),
                new MultiSourceTrackingToken(Map.of("a", five, "b", nine)),
                new ConfigToken(Map.of("id", "x")));
    }

    @ParameterizedTest
    @MethodSource("tokens")
    void writesAndReadsEveryKindOfTokenThatAProcessorHas(TrackingToken token) {
        SerializedObject<byte[]> written = serializer.serialize(token, byte[].class);

        TrackingToken read = serializer.deserialize(written);

        assertThat(read).isEqualTo(token);
        if (token instanceof ReplayToken replay) {
            assertThat(((ReplayToken) read).context()).isEqualTo(replay.context());
        }
        assertThat(written.getType().getName()).startsWith("farandole.token.");
    }

    @Test
    void refusesOtherKindsOfToken() {
        assertThatThrownBy(() -> serializer.serialize(GapAwareTrackingToken.newInstance(3, List.of()), String.class))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("GapAwareTrackingToken");
    }

    @Test
    void writesAndReadsMetadata() {
        MetaData metaData = MetaData.with("user", "anna").and("attempt", 3).and("dry", true);

        assertThat(serializer.<String, MetaData>deserialize(serializer.serialize(metaData, String.class)))
                .isEqualTo(metaData);
    }

    @Test
    void writesAnAggregateByItsFields() {
        Order order = new Order();
        order.place("o-1", 3);

        SerializedObject<String> written = serializer.serialize(order, String.class);

        assertThat(written.getType().getName()).isEqualTo("order.order");
        assertThat(written.getType().getRevision()).isEqualTo("3");
        assertThat(written.getData()).isEqualTo("{\"id\":\"o-1\",\"lines\":[3]}");
        Order read = serializer.deserialize(written);
        assertThat(read.id).isEqualTo("o-1");
        assertThat(read.lines).containsExactly(3);
    }

    @Test
    void readsAndWritesNothingAsNothing() {
        SerializedObject<String> written = serializer.serialize(null, String.class);

        assertThat(written.getType()).isEqualTo(SerializedType.emptyType());
        assertThat(serializer.<String, Object>deserialize(written)).isNull();
    }

    static final class Order {
        private String id = "";
        private final List<Integer> lines = new ArrayList<>();
        private final transient StringBuilder scratch = new StringBuilder();

        private Order() {}

        void place(String newId, int line) {
            id = newId;
            lines.add(line);
            scratch.append(newId);
        }

        /** Would be written as a property, were it not for fields only. */
        public int getTotal() {
            return lines.size();
        }
    }
}
