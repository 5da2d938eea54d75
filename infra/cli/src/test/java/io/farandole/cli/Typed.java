package io.farandole.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Types commands, and sees what comes of it. */
final class Typed {

    final Map<String, String> environment = new HashMap<>();
    final Deque<String> answers = new ArrayDeque<>();
    private final StringBuilder asked = new StringBuilder();
    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();
    private boolean atTerminal;

    Typed(RecordingService service) {
        environment.put("FARANDOLE_STOCK_URL", service.url());
        environment.put("FARANDOLE_OPERATOR", "ada");
        environment.put("FARANDOLE_OPERATOR_PASSWORD", "secret");
    }

    Typed atTerminal(String... typed) {
        atTerminal = true;
        answers.addAll(List.of(typed));
        return this;
    }

    int run(String... arguments) {
        out = new StringWriter();
        err = new StringWriter();
        Surroundings surroundings = new Surroundings(
                environment,
                new PrintWriter(out),
                new PrintWriter(err),
                atTerminal ? new Person() : Terminal.NONE,
                Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC));
        return Farandole.run(surroundings, arguments);
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }

    String asked() {
        return asked.toString();
    }

    private final class Person implements Terminal {

        @Override
        public boolean isThere() {
            return true;
        }

        @Override
        public @Nullable String ask(String question) {
            asked.append(question).append('\n');
            return answers.poll();
        }

        @Override
        public @Nullable String askSecret(String question) {
            asked.append(question).append('\n');
            return answers.poll();
        }
    }
}
