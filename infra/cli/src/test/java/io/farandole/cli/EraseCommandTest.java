package io.farandole.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EraseCommandTest {

    private static final String NONE = "{\"keys\":0,\"scopes\":[]}";
    private static final String TWO = "{\"keys\":2,\"scopes\":[\"delivery\",\"invoice\"]}";
    private static final String ERASED = "{\"erasureId\":\"e-1\",\"keys\":2,\"scopes\":[\"delivery\",\"invoice\"]}";

    private final RecordingService stock = new RecordingService();
    private final RecordingService order = new RecordingService();
    private final Typed typed = new Typed(stock);

    EraseCommandTest() {
        typed.environment.put("FARANDOLE_ORDER_URL", order.url());
        stock.answer("GET /actuator/erasure", 200, NONE);
    }

    @AfterEach
    void closes() {
        stock.close();
        order.close();
    }

    @Test
    void asksForAYesAndErasesWhereThereAreKeys() {
        order.answer("GET /actuator/erasure", 200, TWO).answer("POST /actuator/erasure", 200, ERASED);
        assertThat(typed.atTerminal("yes").run("erase", "--person", "c 1", "--reason", "asked for"))
                .isZero();
        assertThat(typed.asked()).isEqualTo("Erase c 1 by destroying 2 keys, for good? Type yes: \n");
        assertThat(typed.err()).contains("Will be destroyed: 2 keys in order (delivery, invoice).");
        assertThat(typed.out().lines()).containsExactly("order: 2 keys destroyed (delivery, invoice), erasure e-1");
        assertThat(order.requests().get(0).query()).isEqualTo("person=c+1");
        assertThat(order.last().body()).isEqualTo("{\"person\":\"c 1\",\"reason\":\"asked for\"}");
        assertThat(stock.requests()).allMatch(request -> request.method().equals("GET"));
    }

    @Test
    void erasesNothingWithoutAYes() {
        order.answer("GET /actuator/erasure", 200, TWO);
        assertThat(typed.run("erase", "--person", "c-1", "--reason", "asked for"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(typed.err()).contains("say --yes");
        assertThat(typed.atTerminal("no").run("erase", "--person", "c-1", "--reason", "asked for"))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(typed.err()).contains("Nothing was erased.");
        assertThat(typed.run("erase", "--person", "c-1")).isEqualTo(ExitCode.USAGE);
        assertThat(typed.run("erase", "--reason", "asked for")).isEqualTo(ExitCode.USAGE);
        assertThat(order.requests()).allMatch(request -> request.method().equals("GET"));
    }

    @Test
    void somebodyUnknownIsASentence() {
        order.answer("GET /actuator/erasure", 200, NONE);
        assertThat(typed.run("erase", "--person", "c-1", "--reason", "asked for", "--yes"))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(typed.err())
                .contains(
                        "No context that was asked has a key of c-1: either nothing was sealed, or it was erased already.");
    }

    @Test
    void nothingIsErasedWhileAContextCannotBeAsked() {
        order.answer("GET /actuator/erasure", 200, TWO);
        stock.close();
        assertThat(typed.run("erase", "--person", "c-1", "--reason", "asked for", "--yes"))
                .isEqualTo(ExitCode.NOT_REACHED);
        assertThat(order.requests()).allMatch(request -> request.method().equals("GET"));
    }

    @Test
    void keysAreWrappedAnew() {
        order.answer("POST /actuator/erasure/rotate", 200, "{\"keys\":12}");
        assertThat(typed.run("erase", "rotate")).isZero();
        assertThat(typed.out().strip()).isEqualTo("order: 12 keys wrapped anew");
    }

    @Test
    void whatIsSealedIsShownAsPersonal() {
        String sealed = "farandole-personal:v1:order.7f00aa11-22bb:QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo";
        assertThat(Text.line("deliverTo " + sealed)).isEqualTo("deliverTo ▒ personal order.7f00aa11");
        assertThat(Text.line("{\"to\":\"" + sealed + "\",\"n\":1}"))
                .isEqualTo("{\"to\":\"▒ personal order.7f00aa11\",\"n\":1}");
        assertThat(Text.line("farandole-personal:v1:")).isEqualTo("▒ personal ");
    }
}
