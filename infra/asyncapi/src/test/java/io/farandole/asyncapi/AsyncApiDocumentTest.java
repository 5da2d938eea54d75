package io.farandole.asyncapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.farandole.messaging.Envelope;
import io.farandole.messaging.EventType;
import io.farandole.messaging.EventTypes;
import io.farandole.messaging.JsonCodec;
import io.farandole.messaging.Personal;
import io.farandole.messaging.command.AcceptedCommand;
import io.farandole.messaging.command.Answer;
import io.farandole.messaging.command.CommandOutcome;
import io.farandole.rabbitmq.EnvelopeCodec;
import io.farandole.rabbitmq.TopologySpec;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class AsyncApiDocumentTest {

    private static final JsonCodec CODEC = new JsonCodec();
    private static final EventType BOOKED = EventType.parse("trip.trip-booked.v1");
    private static final EventType PAID = EventType.parse("till.bill-paid.v2");
    private static final EventType PAID_BEFORE = EventType.parse("till.bill-paid.v1");
    private static final Instant NOW = Instant.parse("2026-11-23T01:02:03.456789Z");

    private final ObjectNode document =
            document(AcceptedCommand.of("trip.book-trip.v1", BookTrip.class, request -> CommandOutcome.done(Map.of())));

    private static ObjectNode document(AcceptedCommand<?>... commands) {
        TopologySpec topology =
                new TopologySpec("trip", Set.of(PAID, PAID_BEFORE), Map.of(BOOKED, Set.of("till", "mail")));
        EventTypes types = EventTypes.builder()
                .event("trip.trip-booked", 1, TripBooked.class)
                .event("till.bill-paid", 2, BillPaid.class)
                .build();
        return AsyncApiDocument.of(
                Contract.of(topology, types, List.of(commands)), new AsyncApiProperties(null, "1", null));
    }

    @Test
    void namesWhatIsPublishedFollowedAndAccepted() {
        assertThat(document.path("operations").propertyNames())
                .containsExactly(
                        "publish.trip.trip-booked.v1",
                        "follow.till.bill-paid.v1",
                        "follow.till.bill-paid.v2",
                        "accept.trip.book-trip.v1");
        assertThat(at("/operations/publish.trip.trip-booked.v1/description").asString())
                .contains("Followed by mail, till.");
        assertThat(at("/channels/trip.trip-booked.v1/bindings/amqp/exchange/name")
                        .asString())
                .isEqualTo("trip.events");
        assertThat(at("/channels/till.bill-paid.v2/bindings/amqp/exchange/name").asString())
                .isEqualTo("till.events");
        assertThat(at("/channels/trip.book-trip.v1/bindings/amqp/exchange/name").asString())
                .isEqualTo("trip.commands");
        assertThat(at("/channels/replies/bindings/amqp/exchange/name").asString())
                .isEqualTo("trip.replies");
        assertThat(at("/channels/replies").has("address"))
                .as("the sender says it")
                .isFalse();
        assertThat(at("/components/messages/till.bill-paid.v1/payload/description")
                        .asString())
                .isEqualTo("An older version, which is read by an upcaster");
    }

    @Test
    void aContextThatAcceptsNothingHasNoReplies() {
        ObjectNode events = document();
        assertThat(events.path("channels").has("replies")).isFalse();
        assertThat(events.path("components").path("schemas").has("farandole.reply-headers"))
                .isFalse();
        assertThat(events.path("operations").propertyNames()).noneMatch(name -> name.startsWith("accept."));
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        List<String> references = new ArrayList<>();
        collect(document, references);
        assertThat(references).hasSizeGreaterThan(20).allSatisfy(reference -> assertThat(
                        at(reference.substring(1)).isMissingNode())
                .as(reference)
                .isFalse());
        assertThat(at("/components/schemas").propertyNames()).allMatch(name -> name.matches("[A-Za-z0-9._-]+"));
    }

    @Test
    void theSameContractMakesTheSameText() {
        assertThat(document(AcceptedCommand.of(
                                "trip.book-trip.v1", BookTrip.class, request -> CommandOutcome.done(Map.of())))
                        .toPrettyString())
                .isEqualTo(document.toPrettyString());
    }

    @Test
    void theHeadersAreThoseOnTheWire() throws Exception {
        Envelope most =
                envelope("trip-1", "c-1", "e-0", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "k");
        Envelope least = envelope(null, null, null, null, null);
        ObjectNode schema = (ObjectNode) at("/components/schemas/farandole.event-headers");
        assertThat(schema.path("properties").propertyNames())
                .as("all there can be, and nothing else")
                .containsExactlyInAnyOrderElementsOf(headers(most).keySet());
        assertThat(schema.path("required"))
                .as("all that are always there")
                .extracting(JsonNode::asString)
                .containsExactlyInAnyOrderElementsOf(headers(least).keySet());
        assertThat(errors("/components/schemas/farandole.event-headers", CODEC.write(headers(most))))
                .isEmpty();
        assertThat(errors("/components/schemas/farandole.event-headers", CODEC.write(headers(least))))
                .isEmpty();
    }

    @Test
    void whatIsWrittenFitsTheSchema() {
        String payload = "/components/messages/trip.trip-booked.v1/payload";
        TripBooked full = new TripBooked(
                "t-1",
                NOW,
                LocalDate.of(2026, 12, 1),
                Duration.ofHours(36),
                List.of(
                        new Leg("1A", 3, new BigDecimal("9.90"), Meal.VEGAN),
                        new Leg(null, 0, BigDecimal.ONE, Meal.NONE)),
                Map.of("lang", "de"),
                UUID.fromString("01a204bb-6d19-719f-b007-6a37862d4694"),
                "note",
                5L,
                true,
                new BigDecimal("29.90"),
                new BigDecimal("0.10"),
                Personal.parse("Ada"),
                Personal.parse("Grace"));
        TripBooked bare = new TripBooked(
                "t-1",
                NOW,
                LocalDate.EPOCH,
                Duration.ZERO,
                List.of(),
                Map.of(),
                new UUID(0, 0),
                null,
                null,
                false,
                BigDecimal.ONE,
                null,
                Personal.parse("Ada"),
                null);
        assertThat(at("/components/schemas/TripBooked/properties").propertyNames())
                .containsExactly(
                        "tripId",
                        "at",
                        "day",
                        "stay",
                        "legs",
                        "wishes",
                        "token",
                        "note",
                        "points",
                        "paid",
                        "price",
                        "rebate",
                        "passenger",
                        "companion");
        assertThat(errors(payload, CODEC.write(full))).isEmpty();
        assertThat(errors(payload, CODEC.write(bare))).isEmpty();
        assertThat(errors(payload, CODEC.write(full).replace("\"29.90\"", "29.90")))
                .as("a number where there is text")
                .isNotEmpty();
        assertThat(errors(payload, CODEC.write(full).replace("\"tripId\"", "\"other\"")))
                .as("without its id")
                .isNotEmpty();
        assertThat(errors(payload, CODEC.write(full).replace("\"t-1\"", "null")))
                .as("null where nothing is nullable")
                .isNotEmpty();
        assertThat(errors(payload, CODEC.write(full).replace("\"VEGAN\"", "\"FISH\"")))
                .as("a constant that is not there")
                .isNotEmpty();
        assertThat(errors(payload, CODEC.write(full).replace("{\"tripId\"", "{\"added\":1,\"tripId\"")))
                .as("what a newer version may add")
                .isEmpty();
    }

    @Test
    void theAnswersAreThoseThatAreSent() {
        String done = "/components/messages/farandole.command-done.v1/payload";
        String refused = "/components/messages/farandole.command-refused.v1/payload";
        List<String> answers = List.of(
                Answer.done("till", "c-1", "{\"seat\":\"1A\"}").body(),
                Answer.done("till", "c-1", null).body());
        List<String> refusals = List.of(
                Answer.reused("till", "c-1", "f").body(),
                Answer.refused(
                                "till",
                                "c-1",
                                new CommandOutcome.Refused(
                                        "invalid",
                                        "see errors",
                                        List.of(new CommandOutcome.FieldError("seat", "is taken"))))
                        .body());
        assertThat(answers).allSatisfy(body -> {
            assertThat(errors(done, body)).isEmpty();
            assertThat(errors(refused, body)).isNotEmpty();
        });
        assertThat(refusals).allSatisfy(body -> {
            assertThat(errors(refused, body)).isEmpty();
            assertThat(errors(done, body)).isNotEmpty();
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "true  | {\"customer\":\"c-1\",\"legs\":[{\"seat\":\"1A\",\"count\":1}],\"note\":null}",
                "true  | {\"customer\":\"c-1\",\"legs\":[{\"seat\":\"1A\",\"count\":9}]}",
                "true  | {\"customer\":\"c-1\",\"legs\":[{\"seat\":\"1A\",\"count\":1}],\"code\":\"any\",\"tags\":[\"ab\"]}",
                "false | {\"customer\":\"c-1\",\"legs\":[{\"seat\":\"1A\",\"count\":1}],\"tags\":[\"ab!\"]}",
                "false | {\"customer\":\"C 1\",\"legs\":[{\"seat\":\"1A\",\"count\":1}]}",
                "false | {\"customer\":\"c-1\",\"legs\":[]}",
                "false | {\"customer\":\"c-1\",\"legs\":[{\"seat\":\"1A\",\"count\":10}]}",
                "false | {\"customer\":\"c-1\",\"legs\":[{\"seat\":\"1A\",\"count\":0}]}",
                "false | {\"customer\":\"c-1\",\"legs\":[{\"seat\":\"1A\"}]}",
                "false | {\"customer\":\"c-1\",\"legs\":[{\"seat\":null,\"count\":1}]}",
                "false | {\"legs\":[{\"seat\":\"1A\",\"count\":1}]}",
                "false | {\"customer\":\"c-1\",\"legs\":[{\"seat\":\"1A\",\"count\":1}],\"note\":\"12345\"}"
            })
    void theConstraintsOfACommandAreInItsSchema(boolean valid, String body) {
        assertThat(errors("/components/messages/trip.book-trip.v1/payload", body)
                        .isEmpty())
                .isEqualTo(valid);
    }

    @Test
    void introducesItselfAsConfigured() {
        Contract nothing = new Contract("trip", List.of(), List.of(), List.of());
        ObjectNode info =
                (ObjectNode) AsyncApiDocument.of(nothing, new AsyncApiProperties("Trips", "7", "All of them."))
                        .path("info");
        assertThat(info.toString())
                .isEqualTo("{\"title\":\"Trips\",\"version\":\"7\",\"description\":\"All of them.\"}");
    }

    private JsonNode at(String pointer) {
        return document.at(pointer);
    }

    private List<?> errors(String pointer, String json) {
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_7,
                builder -> builder.schemas(Map.of("https://farandole.test/document", document.toString())));
        Schema schema = registry.getSchema(SchemaLocation.of("https://farandole.test/document#" + pointer));
        return schema.validate(json, InputFormat.JSON);
    }

    private static void collect(JsonNode node, List<String> references) {
        if (node.path("$ref").isString()) {
            references.add(node.path("$ref").asString());
        }
        node.forEach(child -> collect(child, references));
    }

    private static Map<String, Object> headers(Envelope envelope) throws Exception {
        return new EnvelopeCodec().encode(envelope).properties().getHeaders();
    }

    private static Envelope envelope(
            @Nullable String subject,
            @Nullable String correlation,
            @Nullable String causation,
            @Nullable String trace,
            @Nullable String key) {
        return new Envelope(
                "e-1", "trip", BOOKED, subject, NOW, "trip-1", 42, correlation, causation, trace, key, "{}");
    }

    private enum Meal {
        NONE,
        VEGAN
    }

    private record Leg(@Nullable String seat, int bags, BigDecimal price, Meal meal) {}

    private record TripBooked(
            String tripId,
            Instant at,
            LocalDate day,
            Duration stay,
            List<Leg> legs,
            Map<String, String> wishes,
            UUID token,
            @Nullable String note,
            @Nullable Long points,
            boolean paid,
            @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal price,
            @Nullable @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal rebate,
            Personal passenger,
            @Nullable Personal companion) {}

    private record BillPaid(String billId) {}

    private record BookTrip(
            @NotNull @Pattern(regexp = "[a-z0-9-]+") String customer,
            @NotEmpty @Size(max = 3) List<@NotNull @Valid Place> legs,
            @Nullable @Size(max = 4) String note,
            @Nullable @Pattern(regexp = "(?i)X-[0-9]+") String code,
            @Nullable List<@Pattern(regexp = "[a-z]+") String> tags) {}

    private record Place(@NotNull String seat, @NotNull @Min(1) @Max(9) Integer count) {}
}
