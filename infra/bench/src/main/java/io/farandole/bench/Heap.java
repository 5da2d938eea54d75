package io.farandole.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Java machines hold on their heaps, asked through {@code jcmd}, which a JDK has. */
final class Heap {

    private static final long ANSWERED_WITHIN_SECONDS = 60;

    /** The lines of G1, of the generations of Serial and Parallel, and of ZGC; not those of Metaspace. */
    private static final Pattern USED = Pattern.compile(
            "^\\s*(?:garbage-first heap|.*generation|PSYoungGen|ParOldGen|PSOldGen|ZHeap|Shenandoah Heap)\\s.*?used\\s+(\\d+)([KM])",
            Pattern.MULTILINE);

    private Heap() {}

    /** Mebibytes in use after a full collection, by the processes' names; every one of them must be a Java machine. */
    static Map<String, Double> usedAfterCollection(Map<String, Long> processes)
            throws IOException, InterruptedException {
        Map<String, Double> used = new LinkedHashMap<>();
        for (Map.Entry<String, Long> process : processes.entrySet()) {
            ask(process.getValue(), "GC.run");
            used.put(process.getKey(), mebibytes(ask(process.getValue(), "GC.heap_info")));
        }
        return used;
    }

    /** Mebibytes in use, from the answer to {@code GC.heap_info}. */
    static double mebibytes(String heapInfo) {
        Matcher matcher = USED.matcher(heapInfo);
        double sum = 0;
        boolean found = false;
        while (matcher.find()) {
            found = true;
            sum += Long.parseLong(matcher.group(1)) / (matcher.group(2).equals("K") ? 1024.0 : 1.0);
        }
        if (!found) {
            throw new IllegalArgumentException("No heap in use is told in: " + heapInfo);
        }
        return sum;
    }

    private static String ask(long pid, String command) throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process process = new ProcessBuilder(jcmd, Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        try {
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(ANSWERED_WITHIN_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException("jcmd " + pid + " " + command + " failed: " + answer);
            }
            return answer;
        } finally {
            process.destroyForcibly();
        }
    }
}
