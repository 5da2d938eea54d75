package io.farandole.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReconcileCommandTest {

    private final RecordingService stock = new RecordingService();
    private final RecordingService order = new RecordingService();
    private final Typed typed = new Typed(stock);

    @BeforeEach
    void twoContexts() {
        typed.environment.put("FARANDOLE_ORDER_URL", order.url());
        order.answer("GET /actuator/reconciliation", 200, overview("order", "{\"order.placed.v1\":[\"stock\"]}", "[]"));
        stock.answer(
                "GET /actuator/reconciliation",
                200,
                overview(
                        "stock",
                        "{}",
                        "[{\"source\":\"order\",\"type\":\"order.placed.v1\",\"events\":2,\"first\":1,\"last\":3}]"));
        stock.answer("GET /actuator/reconciliation/overtaken", 200, "{\"events\":[]}");
        order.answer("GET /actuator/books", 200, "{\"accounts\":[\"paid\",\"sold\"]}");
        stock.answer("GET /actuator/books", 200, "{\"accounts\":[\"sold\"]}");
        order.answer(
                "GET /actuator/books/digests", 200, "{\"parts\":[{\"part\":7,\"statements\":5,\"digest\":\"1\"}]}");
        stock.answer(
                "GET /actuator/books/digests", 200, "{\"parts\":[{\"part\":7,\"statements\":5,\"digest\":\"1\"}]}");
    }

    @AfterEach
    void closes() {
        stock.close();
        order.close();
    }

    @Test
    void contextsThatAgreeEndItWithZero() {
        order.answer("GET /actuator/reconciliation/digests", 200, ranges(range("17")));
        stock.answer("GET /actuator/reconciliation/digests", 200, ranges(range("17")));
        assertThat(typed.run("reconcile")).as(typed.err()).isZero();
        assertThat(typed.out())
                .contains(
                        "order -> stock: 3 events compared, all as published",
                        "books of order and stock (sold): 5 statements compared, all the same",
                        "The contexts agree.");
        assertThat(stock.requests()).anySatisfy(request -> assertThat(request.query())
                .isEqualTo("source=order&types=order.placed.v1%401&from=0&to=3&parts=256"));
        assertThat(order.last().authorization()).startsWith("Basic ");
    }

    @Test
    void anEventThatWasLostIsNamedWithWhatToDo() {
        order.answer("GET /actuator/reconciliation/digests", 200, ranges(range("17")));
        stock.answer("GET /actuator/reconciliation/digests", 200, ranges(range("18")));
        order.answer("GET /actuator/reconciliation/events", 200, "{\"events\":[" + event(1) + "," + event(2) + "]}");
        stock.answer("GET /actuator/reconciliation/events", 200, "{\"events\":[" + event(1) + "]}");
        stock.answer("GET /actuator/reconciliation/events", 200, "{\"events\":[]}");
        assertThat(typed.run("reconcile")).isEqualTo(ExitCode.REFUSED);
        assertThat(typed.out())
                .contains(
                        "order -> stock: 3 events compared, 1 different",
                        "  MISSING #2 order.placed.v1, process o-2, event e-2: stock has not received it, though it has received later ones",
                        "MISSING: look for it in the follower's queues",
                        "1 difference.");
        assertThat(typed.run("reconcile", "--format", "json")).isEqualTo(ExitCode.REFUSED);
        assertThat(typed.out()).contains("\"kind\" : \"MISSING\"", "\"eventId\" : \"e-2\"");
    }

    @Test
    void figuresThatDifferAreNamedOnceNothingOfThemIsOpen() {
        for (RecordingService service : List.of(order, stock)) {
            service.answer("GET /actuator/reconciliation/digests", 200, ranges(range("17")));
            service.answer(
                    "GET /actuator/process",
                    200,
                    "{\"sagas\":[],\"deadlines\":[],\"outsideCalls\":[],\"failures\":[]}");
        }
        stock.answer("GET /actuator/books/digests", 200, "{\"parts\":[]}");
        typed.run("reconcile"); // The first answers agree, the last ones don't.
        order.answer("GET /actuator/books/statements", 200, statements(2));
        stock.answer("GET /actuator/books/statements", 200, "{\"statements\":[],\"cut\":false}");
        assertThat(typed.run("reconcile")).isEqualTo(ExitCode.REFUSED);
        assertThat(typed.out())
                .contains(
                        "books of order and stock (sold): 5 statements compared, 1 different",
                        "  o-1: sold apple: order says 2, stock says 0.",
                        "1 difference.");
        assertThat(stock.requests())
                .anySatisfy(request -> assertThat(request.query()).isEqualTo("accounts=sold&parts=7"));
    }

    @Test
    void aContextThatIsDownIsNamed() {
        stock.close();
        assertThat(typed.run("reconcile")).isEqualTo(ExitCode.NOT_REACHED);
        assertThat(typed.out())
                .contains("MISSING ANSWER: stock: stock cannot be reached")
                .contains("as far as they answered");
    }

    @Test
    void oneContextAloneCannotBeCompared() {
        typed.environment.remove("FARANDOLE_ORDER_URL");
        assertThat(typed.run("reconcile")).isEqualTo(ExitCode.USAGE);
        assertThat(typed.err()).contains("There is nothing to compare with one context");
    }

    private static String overview(String context, String publishes, String heard) {
        return "{\"exchange\":{\"context\":\"" + context + "\",\"now\":\"2026-11-22T12:00:00Z\",\"published\":3,"
                + "\"waiting\":0,\"waitingSince\":null,\"publishes\":" + publishes + ",\"heard\":" + heard + "}}";
    }

    private static String statements(int pieces) {
        return "{\"statements\":[{\"entry\":\"o-1\",\"account\":\"sold apple\",\"amount\":" + pieces
                + ",\"at\":\"2026-11-22T11:00:00Z\",\"processes\":[\"o-1\"]}],\"cut\":false}";
    }

    private static String ranges(String ranges) {
        return "{\"ranges\":" + ranges + "}";
    }

    private static String range(String digest) {
        return "[{\"from\":0,\"to\":3,\"events\":3,\"digest\":\"" + digest + "\"}]";
    }

    private static String event(int number) {
        return "{\"position\":" + number + ",\"eventId\":\"e-" + number
                + "\",\"type\":\"order.placed.v1\",\"processKey\":\"o-" + number
                + "\",\"body\":\"b\",\"recordedAt\":\"2026-11-22T11:00:00Z\"}";
    }
}
