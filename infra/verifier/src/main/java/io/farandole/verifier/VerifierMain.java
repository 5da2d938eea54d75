package io.farandole.verifier;

import io.farandole.verifier.bundle.BundleKeys;
import io.farandole.verifier.bundle.BundleReport;
import io.farandole.verifier.bundle.BundleText;
import io.farandole.verifier.bundle.BundleVerification;
import java.io.Console;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The verifier as a program; {@code --help} tells how to use it. */
final class VerifierMain {

    static final int INTACT = 0;
    static final int ALTERED = 1;
    static final int USAGE = 2;
    static final int UNKNOWN = 3;

    private static final String HELP =
            """
            farandole-verifier --url URL [options]
            farandole-verifier --bundle FILE --public-key FILE [--public-key CONTEXT=FILE] [--format text|json]

            Compares a journal with its seals, and these with signed checkpoints; or a bundle with its signatures. Reads only.

              --url URL            jdbc:postgresql://host:5432/database of the context, of a replica, or of a restored backup
              --user NAME          who may read farandole.journal, .seal and .checkpoint; its password is taken from
                                   FARANDOLE_VERIFIER_PASSWORD, or asked for
              --checkpoints DIR    the directory of farandole.audit.seal.checkpoints, or a copy of it
              --public-key FILE    PEM file of who signed the checkpoints; again for another key
              --context NAME       whose journal it is; the database is believed otherwise
              --from P, --to P     rows at these positions only (whole seals)
              --since T, --until T events of this time only, such as 2026-11-22T00:00:00Z
              --format text|json   default text

            Exit codes: 0 as sealed, 1 altered, 2 usage, 3 it cannot be told.""";

    private static final Set<String> OPTIONS = Set.of(
            "--url",
            "--bundle",
            "--user",
            "--checkpoints",
            "--public-key",
            "--context",
            "--from",
            "--to",
            "--since",
            "--until",
            "--format");

    private VerifierMain() {}

    /** Ends the JVM with the exit code. */
    @SuppressWarnings("SystemConsoleNull") // the property sees to it
    public static void main(String[] arguments) {
        System.setProperty("jdk.console", "java.base");
        Console console = System.console();
        System.exit(run(
                arguments,
                System.getenv(),
                console,
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8)));
    }

    static int run(
            String[] arguments,
            Map<String, String> environment,
            @Nullable Console console,
            PrintWriter out,
            PrintWriter err) {
        if (List.of(arguments).contains("--help")) {
            out.println(HELP);
            return INTACT;
        }
        try {
            Map<String, List<String>> options = options(arguments);
            boolean json = isJson(options);
            String bundle = one(options, "--bundle");
            if (bundle != null) {
                return bundle(Path.of(bundle), options, json, out);
            }
            VerificationPlan plan = plan(options, password(options, environment, console));
            ProgressLines progress = new ProgressLines(err, console != null);
            Report report = plan.run(progress);
            progress.end();
            if (json) {
                out.println(ReportText.json(report));
            } else {
                ReportText.print(report, out);
            }
            return report.intact() ? INTACT : ALTERED;
        } catch (IllegalArgumentException e) {
            err.println("farandole-verifier: " + e.getMessage() + ". --help tells more");
            return USAGE;
        } catch (VerificationException e) {
            err.println("farandole-verifier: " + e.getMessage());
            return UNKNOWN;
        }
    }

    private static int bundle(Path file, Map<String, List<String>> options, boolean json, PrintWriter out)
            throws VerificationException {
        if (options.containsKey("--url")) {
            throw new IllegalArgumentException("Either --url or --bundle is given");
        }
        BundleReport report =
                BundleVerification.of(file, BundleKeys.read(options.getOrDefault("--public-key", List.of())));
        if (json) {
            out.println(BundleText.json(report));
        } else {
            BundleText.print(report, out);
        }
        return report.intact() ? INTACT : ALTERED;
    }

    private static Map<String, List<String>> options(String[] arguments) {
        Map<String, List<String>> options = new HashMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            String name = arguments[i];
            if (!OPTIONS.contains(name)) {
                throw new IllegalArgumentException("There is no option " + name);
            }
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(name + " wants a value");
            }
            options.computeIfAbsent(name, key -> new ArrayList<>()).add(arguments[i + 1]);
        }
        return options;
    }

    private static VerificationPlan plan(Map<String, List<String>> options, @Nullable String password) {
        String url = one(options, "--url");
        if (url == null) {
            throw new IllegalArgumentException("--url is missing");
        }
        String checkpoints = one(options, "--checkpoints");
        return new VerificationPlan(
                url,
                one(options, "--user"),
                password,
                checkpoints == null ? null : Path.of(checkpoints),
                options.getOrDefault("--public-key", List.of()).stream()
                        .map(Path::of)
                        .toList(),
                one(options, "--context"),
                new Range(number(options, "--from", Long.MIN_VALUE), number(options, "--to", Long.MAX_VALUE)),
                time(options, "--since"),
                time(options, "--until"));
    }

    private static boolean isJson(Map<String, List<String>> options) {
        String format = one(options, "--format");
        if (format != null && !Set.of("text", "json").contains(format)) {
            throw new IllegalArgumentException("--format is text or json, not " + format);
        }
        return "json".equals(format);
    }

    private static @Nullable String password(
            Map<String, List<String>> options, Map<String, String> environment, @Nullable Console console) {
        String given = environment.get("FARANDOLE_VERIFIER_PASSWORD");
        String user = one(options, "--user");
        if (given != null || user == null || console == null) {
            return given;
        }
        char[] typed = console.readPassword("Password of %s: ", user);
        return typed == null ? null : new String(typed);
    }

    private static @Nullable String one(Map<String, List<String>> options, String name) {
        List<String> values = options.get(name);
        if (values == null) {
            return null;
        }
        if (values.size() > 1) {
            throw new IllegalArgumentException(name + " is given twice");
        }
        return values.get(0);
    }

    private static long number(Map<String, List<String>> options, String name, long absent) {
        String value = one(options, name);
        try {
            return value == null ? absent : Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is a position, a whole number, not " + value, e);
        }
    }

    private static @Nullable Instant time(Map<String, List<String>> options, String name) {
        String value = one(options, name);
        try {
            return value == null ? null : Instant.parse(value);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(name + " is a time such as 2026-11-22T00:00:00Z, not " + value, e);
        }
    }
}
