package io.farandole.rabbitmq;

import io.farandole.testservers.Patience;
import io.farandole.testservers.PrivateRabbit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The broker's memory alarm, by the node's own command line, with the environment of its process. */
final class Alarm {

    private static final Path CTL = Path.of("/usr/lib/rabbitmq/bin/rabbitmqctl");

    private Alarm() {}

    static void raise(PrivateRabbit node) {
        run(node, "0.00001");
    }

    static void clear(PrivateRabbit node) {
        run(node, "0.4");
    }

    private static void run(PrivateRabbit node, String highWatermark) {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Files.isExecutable(CTL) ? CTL.toString() : "rabbitmqctl",
                "set_vm_memory_high_watermark",
                highWatermark));
        builder.environment().clear();
        try {
            String environment = Files.readString(Path.of("/proc/" + node.pid() + "/environ"), StandardCharsets.UTF_8);
            for (String variable : environment.split("\0", -1)) {
                int equals = variable.indexOf('=');
                if (equals > 0) {
                    builder.environment().put(variable.substring(0, equals), variable.substring(equals + 1));
                }
            }
            Process process = builder.redirectErrorStream(true).start();
            if (!process.waitFor(Patience.SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException("rabbitmqctl failed: "
                        + new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
