package io.farandole.acceptance.history;

import io.farandole.acceptance.shop.RunningShop;
import io.farandole.testservers.Patience;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * A command of {@code infra/farandole}, typed by the {@link Auditor}'s person against a shop, in a process of its own.
 *
 * @param exitCode what a script is told
 * @param out what was asked for
 * @param err everything else
 */
record TypedCommand(int exitCode, String out, String err) {

    static TypedCommand of(RunningShop shop, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.farandole.cli.Farandole"));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile("farandole", ".out");
        Path err = Files.createTempFile("farandole", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("FARANDOLE_"));
            for (String context : List.of("order", "stock", "payment")) {
                builder.environment()
                        .put(
                                "FARANDOLE_" + context.toUpperCase(Locale.ROOT) + "_URL",
                                shop.address(context).toString());
            }
            builder.environment().put("FARANDOLE_OPERATOR", Auditor.NAME);
            builder.environment().put("FARANDOLE_OPERATOR_PASSWORD", Auditor.PASSWORD);
            builder.environment().put("LC_ALL", "C.UTF-8");
            Process process = builder.start();
            if (!process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("The command line does not end: " + Files.readString(err));
            }
            return new TypedCommand(
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
