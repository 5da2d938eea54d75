package io.farandole.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * A contender as a process of its own, spoken to in lines: after {@code READY} it reads {@code saturate <first> <orders>
 * <inFlight>} or {@code open <first> <rate> <seconds>} and answers {@code RESULT <json>}; {@code books}, answered by
 * {@code BOOKS <json>}; {@code end}, or the end of its input, upon which it closes and exits with 0. Whatever goes wrong is
 * answered by {@code FAILED <one line>}, the stack trace goes to standard error; a contender that does not come up, or does not
 * close, exits with 1. Everything else that is printed goes to standard error.
 */
public final class ContenderProgram {

    private static final JsonMapper JSON = new JsonMapper();

    private final BufferedReader in;
    private final PrintStream out;

    private ContenderProgram(BufferedReader in, PrintStream out) {
        this.in = in;
        this.out = out;
    }

    /** Opens a contender: tables are made and shelves are full when it returns. */
    @FunctionalInterface
    public interface Opening {

        /** Opens it for what the environment says. */
        LoadTarget open(ContenderSettings settings) throws Exception;
    }

    /**
     * Runs a contender until it is told to end, then exits this JVM. Call it first thing in {@code main}: standard output is
     * turned away before the contender is opened.
     */
    public static void run(Opening opening) {
        PrintStream out = turnAway();
        System.exit(serve(System.getenv(), input(), out, opening));
    }

    /** As {@link #run(Opening)}, for a contender that is open already and has printed nothing. */
    public static void run(LoadTarget target) {
        run(settings -> target);
    }

    private static PrintStream turnAway() {
        PrintStream out = System.out;
        System.setOut(System.err);
        return out;
    }

    private static BufferedReader input() {
        return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    }

    static int serve(Map<String, String> variables, BufferedReader in, PrintStream out, Opening opening) {
        ContenderProgram program = new ContenderProgram(in, out);
        try {
            ContenderSettings settings = ContenderSettings.from(variables);
            try (LoadTarget target = opening.open(settings)) {
                program.say("READY");
                program.converse(target, settings.workload());
            }
            return 0;
        } catch (Exception | LinkageError e) {
            program.failed(e);
            return 1;
        }
    }

    private void converse(LoadTarget target, Workload workload) throws IOException {
        String line = in.readLine();
        while (line != null && !line.strip().equals("end")) {
            try {
                say(answer(line.strip().split(" +"), target, workload));
            } catch (Exception e) {
                failed(e);
            }
            line = in.readLine();
        }
    }

    private static String answer(String[] words, LoadTarget target, Workload workload) throws Exception {
        String verb = words[0].toLowerCase(Locale.ROOT);
        if (verb.equals("saturate") && words.length == 4) {
            return "RESULT "
                    + toJson(Load.saturate(
                            target,
                            workload,
                            Long.parseLong(words[1]),
                            Integer.parseInt(words[2]),
                            Integer.parseInt(words[3])));
        }
        if (verb.equals("open") && words.length == 4) {
            return "RESULT "
                    + toJson(Load.open(
                            target,
                            workload,
                            Long.parseLong(words[1]),
                            Double.parseDouble(words[2]),
                            Duration.ofNanos(Math.round(Double.parseDouble(words[3]) * 1e9))));
        }
        if (verb.equals("books") && words.length == 1) {
            return "BOOKS " + toJson(target.books());
        }
        throw new IllegalArgumentException("Unknown request: " + String.join(" ", words));
    }

    /** A result or books on one line. */
    public static String toJson(Record value) {
        return JSON.writeValueAsString(value);
    }

    /** What {@link #toJson} has written. */
    public static <T extends Record> T fromJson(String json, Class<T> type) {
        return JSON.readValue(json, type);
    }

    private void failed(Throwable failure) {
        failure.printStackTrace();
        say("FAILED " + String.valueOf(failure).replaceAll("\\s+", " "));
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
