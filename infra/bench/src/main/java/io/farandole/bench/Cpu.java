package io.farandole.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What processes have used of the processors, from {@code /proc}. */
final class Cpu {

    /** Linux counts in hundredths of a second, whatever its clock does. */
    private static final double MILLIS_PER_TICK = 10;

    private static final Pattern SPACE = Pattern.compile(" ");

    private Cpu() {}

    /** Milliseconds so far, in user and kernel mode together, by the processes' names, each with all that it has started. */
    static Map<String, Double> millis(Map<String, Long> processes) {
        Map<String, Double> millis = new HashMap<>();
        processes.forEach((name, pid) -> millis.put(name, millisOfTree(pid)));
        return millis;
    }

    /** The same of a process with all that it has started and that lives, or was waited for. */
    static double millisOfTree(long pid) {
        double sum = millis(pid, 4);
        for (ProcessHandle child : ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .toList()) {
            try {
                sum += millis(child.pid(), 2);
            } catch (UncheckedIOException e) {
                if (child.isAlive()) {
                    throw e;
                }
            }
        }
        return sum;
    }

    /** Of utime, stime, cutime and cstime so many. */
    private static double millis(long pid, int times) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            // The name, in brackets, may hold anything; utime and stime are the 12th and the 13th after it.
            List<String> fields = SPACE.splitAsStream(stat.substring(stat.lastIndexOf(')') + 2))
                    .toList();
            return fields.subList(11, 11 + times).stream()
                            .mapToLong(Long::parseLong)
                            .sum()
                    * MILLIS_PER_TICK;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
