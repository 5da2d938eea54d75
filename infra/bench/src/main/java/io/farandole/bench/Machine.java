package io.farandole.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Where something was measured.
 *
 * @param processors how many
 * @param processor what they call themselves; empty if unknown
 * @param memoryMegabytes of the machine; 0 if unknown
 * @param os name and version
 * @param java version and vendor
 * @param load1m the load average when the measuring began, so that one sees who else was at work
 */
public record Machine(int processors, String processor, long memoryMegabytes, String os, String java, double load1m) {

    /** This one. */
    public static Machine here() {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                value(Path.of("/proc/cpuinfo"), "model name"),
                kilobytes(value(Path.of("/proc/meminfo"), "MemTotal")) / 1024,
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                Runtime.version() + " " + System.getProperty("java.vendor"),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    /** The commit of the checkout, with {@code +} if files differ from it; {@code unknown} outside a checkout. */
    public static String commit() {
        String commit = git(List.of("git", "rev-parse", "--short=12", "HEAD"));
        if (commit.isEmpty()) {
            return "unknown";
        }
        return git(List.of("git", "status", "--porcelain", "--untracked-files=no"))
                        .isEmpty()
                ? commit
                : commit + "+";
    }

    private static String git(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(Settings.checkout().toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0 ? answer : "";
        } catch (IOException e) {
            return ""; // no git here
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private static String value(Path file, String key) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(key))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("");
        } catch (IOException e) {
            return ""; // not Linux
        }
    }

    private static long kilobytes(String text) {
        return text.isEmpty() ? 0 : Long.parseLong(text.substring(0, text.indexOf(' ')));
    }

    /** In a line for people. */
    public String line() {
        return String.format(
                Locale.ROOT,
                "%d processors (%s), %d MB, %s, Java %s; load %.1f at the beginning",
                processors,
                processor.isEmpty() ? "unknown" : processor,
                memoryMegabytes,
                os,
                java,
                load1m);
    }
}
