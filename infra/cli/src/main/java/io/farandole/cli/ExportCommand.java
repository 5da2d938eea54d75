package io.farandole.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Everything about a process, or about somebody, as a file for an auditor. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Writes all events of processes, of every context, into one signed file for an auditor, with a page that shows it without a"
                    + " network. Who exported what, and why, is recorded in each journal.",
            "Exit codes: 0 done, 1 a context is missing in it, or nothing was written, 2 usage, 3 no service is reachable."
        })
final class ExportCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Mixin
    private final Services services;

    @Mixin
    private final Reason reason = new Reason();

    @Option(
            names = "--process",
            paramLabel = "KEY",
            description = "A process key, such as an order id; again for another.")
    private List<String> processes = List.of();

    @Option(
            names = "--subject",
            paramLabel = "KIND=ID",
            description = "All processes of somebody or something, such as customer=c-7.")
    private @Nullable String subject;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where to, such as order.zip.")
    private String out = "";

    @Option(
            names = "--related",
            description = "Also other processes of the same conversations, such as an order's return.")
    private boolean related;

    @Option(
            names = "--unmasked",
            description = "With the values that farandole.audit.export.masked-fields keeps back; recorded.")
    private boolean unmasked;

    @Option(names = "--force", description = "Replaces a file that is there.")
    private boolean force;

    ExportCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.services = new Services(surroundings);
    }

    @Override
    public Integer call() {
        Path target = Path.of(out).toAbsolutePath();
        String why = reason.text();
        if (!force && Files.exists(target)) {
            throw EndedException.usage(target + " is there already: name another file, or give --force.");
        }
        if (processes.isEmpty() == (subject == null)) {
            throw EndedException.usage("Say what to export: --process KEY, or --subject KIND=ID such as customer=c-7.");
        }
        List<Service> asked = services.asked();
        Set<String> keys = new LinkedHashSet<>(subject == null ? processes : processesOf(asked, subject));
        addRelated(asked, keys);
        return new Export(surroundings, asked, List.copyOf(keys), subject, why, unmasked).into(target);
    }

    private List<String> processesOf(List<Service> asked, String of) {
        int equals = of.indexOf('=');
        if (equals < 1 || equals == of.length() - 1) {
            throw EndedException.usage("--subject is KIND=ID, such as customer=c-7, not " + of + ".");
        }
        Map<String, @Nullable String> question = new LinkedHashMap<>();
        question.put("kind", of.substring(0, equals));
        question.put("subject", of.substring(equals + 1));
        Set<String> found = new LinkedHashSet<>();
        boolean known = false;
        List<String> refusals = new ArrayList<>();
        for (Service service : asked) {
            try {
                service.operations("/bundle", question).path("processes").forEach(key -> found.add(key.asString()));
                known = true;
            } catch (EndedException e) {
                if (e.exitCode() == ExitCode.USAGE) {
                    throw e;
                }
                refusals.add(String.valueOf(e.getMessage()));
            }
        }
        if (!known) {
            throw EndedException.refused(String.join(" ", refusals));
        }
        if (found.isEmpty()) {
            throw EndedException.refused("Nobody who was asked knows a process of " + of + ": check the id.");
        }
        return List.copyOf(found);
    }

    /** Named, and left out unless they are wanted: a conversation may be shared with others' processes. */
    private void addRelated(List<Service> asked, Set<String> keys) {
        Set<String> others = new TreeSet<>();
        for (String key : keys) {
            for (Service service : asked) {
                JsonNode timeline = timeline(service, key);
                if (timeline != null) {
                    timeline.path("related").forEach(each -> others.add(each.asString()));
                    break;
                }
            }
        }
        others.removeAll(keys);
        if (related) {
            keys.addAll(others);
        } else if (!others.isEmpty()) {
            surroundings
                    .err()
                    .println("farandole: not in it are other processes of the same conversations (--related): "
                            + Text.line(String.join(", ", others)));
        }
    }

    private @Nullable JsonNode timeline(Service service, String key) {
        Map<String, @Nullable String> question = new LinkedHashMap<>();
        question.put("key", key);
        try {
            return service.operations("/timeline", question);
        } catch (EndedException e) {
            // Another service may know; the export itself tells what is missing.
            return null;
        }
    }
}
