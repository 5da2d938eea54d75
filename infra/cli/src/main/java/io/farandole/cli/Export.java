package io.farandole.cli;

import io.farandole.verifier.Hash;
import io.farandole.verifier.bundle.BundleManifest;
import io.farandole.verifier.bundle.BundleManifest.Missing;
import io.farandole.verifier.bundle.BundleNames;
import io.farandole.verifier.bundle.BundledFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Collects the contexts' parts, draws the page, has the whole signed, and writes it. Used once. */
final class Export {

    private static final long TELL_EVERY = 10_000;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Surroundings surroundings;
    private final List<Service> services;
    private final List<String> processes;
    private final @Nullable String subject;
    private final String reason;
    private final boolean unmasked;

    private final String id = UUID.randomUUID().toString();
    private final BundlePage page = new BundlePage();
    private final List<Missing> missing = new ArrayList<>();
    private final List<BundledFile> files = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Map<Service, JsonNode> parts = new LinkedHashMap<>();
    private long events;
    private boolean reached;

    Export(
            Surroundings surroundings,
            List<Service> services,
            List<String> processes,
            @Nullable String subject,
            String reason,
            boolean unmasked) {
        this.surroundings = surroundings;
        this.services = services;
        this.processes = processes;
        this.subject = subject;
        this.reason = reason;
        this.unmasked = unmasked;
    }

    /** Returns the exit code: done, or refused if a context is missing in it. */
    int into(Path target) {
        try (BundleFile bundle = new BundleFile(target)) {
            for (Service service : services) {
                part(service, bundle.directory());
            }
            if (parts.isEmpty()) {
                String sentence = missing.get(0).reason();
                throw reached ? EndedException.refused(sentence) : EndedException.notReached(sentence);
            }
            if (events == 0) {
                throw EndedException.refused("No context that was asked has an event of " + String.join(", ", processes)
                        + ": check the key. Nothing was written.");
            }
            close(bundle);
        } catch (IOException e) {
            throw unwritable(target, e);
        } catch (UncheckedIOException e) {
            throw unwritable(target, e.getCause());
        }
        surroundings
                .out()
                .println(String.format(
                        Locale.ROOT,
                        "%,d events of %,d %s in %s, export %s",
                        events,
                        processes.size(),
                        processes.size() == 1 ? "process" : "processes",
                        target,
                        id));
        missing.forEach(it -> surroundings.out().println("MISSING: " + it.context() + ". " + Text.line(it.reason())));
        return missing.isEmpty() ? ExitCode.DONE : ExitCode.REFUSED;
    }

    private static EndedException unwritable(Path target, @Nullable IOException failure) {
        return EndedException.refused(target + " cannot be written (" + failure
                + "), and nothing was left there: make room, or name a file elsewhere.");
    }

    private void part(Service service, Path directory) throws IOException {
        if (!BundleNames.isContext(service.name())) {
            throw EndedException.usage("A part cannot be named after " + service.name()
                    + ": say which context that is with --context, beside --url.");
        }
        try {
            PartDownload download = service.operateStreaming("/bundle", question(), in -> {
                PartDownload[] itself = new PartDownload[1];
                PartDownload reading = new PartDownload(
                        service.name(),
                        directory,
                        line -> page.event(service.name(), line),
                        told -> tell(service, told, itself[0]));
                itself[0] = reading;
                files.addAll(reading.read(in));
                return reading;
            });
            JsonNode manifest = download.manifest();
            parts.put(service, manifest);
            events += manifest.path("events").asLong();
            line(service.name() + ": "
                    + String.format(Locale.ROOT, "%,d", manifest.path("events").asLong()) + " events");
        } catch (EndedException e) {
            if (e.exitCode() == ExitCode.USAGE) {
                throw e;
            }
            page.forget(service.name());
            reached |= e.exitCode() == ExitCode.REFUSED;
            missing.add(new Missing(service.name(), Text.line(String.valueOf(e.getMessage()))));
            line("farandole: " + Text.line(String.valueOf(e.getMessage())));
        }
    }

    private Map<String, @Nullable Object> question() {
        Map<String, @Nullable Object> question = new LinkedHashMap<>();
        question.put("export", id);
        question.put("processes", JSON.writeValueAsString(processes));
        question.put(
                "contexts",
                JSON.writeValueAsString(services.stream().map(Service::name).toList()));
        question.put("unmasked", Boolean.toString(unmasked));
        question.put("reason", reason);
        return question;
    }

    private void tell(Service service, long told, PartDownload download) {
        if (surroundings.terminal().isThere() && told % 500 == 0) {
            surroundings.err().print("\r" + service.name() + ": " + percent(told, download) + "   \r");
            surroundings.err().flush();
        } else if (told % TELL_EVERY == 0) {
            line(service.name() + ": " + percent(told, download));
        }
    }

    private static String percent(long told, PartDownload download) {
        return String.format(
                Locale.ROOT,
                "%,d of %,d events (%d %%)",
                told,
                download.announced(),
                100 * told / Math.max(1, download.announced()));
    }

    private void line(String text) {
        PrintWriter err = surroundings.err();
        err.println(text);
        err.flush();
    }

    private void close(BundleFile bundle) throws IOException {
        draw();
        Service closing = parts.keySet().iterator().next();
        JsonNode first = parts.values().iterator().next();
        BundleManifest unfinished = manifest(closing, first, List.of());
        add(bundle.directory(), BundleNames.PAGE, page.html(unfinished, notes));
        String manifest = manifest(closing, first, files).json();
        Map<String, @Nullable Object> question = new LinkedHashMap<>();
        question.put("export", id);
        question.put("sha256", sha256(manifest).toString());
        String signature =
                closing.operate("/bundle/close", question).path("signature").asString("");
        Files.writeString(bundle.directory().resolve(BundleNames.MANIFEST), manifest);
        Files.writeString(bundle.directory().resolve(BundleNames.SIGNATURE), signature);
        List<String> names = new ArrayList<>(List.of(BundleNames.MANIFEST, BundleNames.SIGNATURE));
        files.forEach(file -> names.add(file.name()));
        bundle.write(names);
    }

    private BundleManifest manifest(Service closing, JsonNode first, List<BundledFile> listed) {
        return new BundleManifest(
                id,
                first.path("by").asString(""),
                Instant.parse(first.path("at").asString("")),
                reason,
                subject,
                processes,
                services.stream().map(Service::name).toList(),
                missing,
                closing.name(),
                events,
                listed);
    }

    private void draw() {
        for (String process : processes.subList(0, Math.min(processes.size(), BundlePage.MOST_PICTURES))) {
            Map<String, @Nullable String> question = new LinkedHashMap<>();
            question.put("key", process);
            question.put("format", "svg");
            for (Service service : parts.keySet()) {
                try {
                    page.picture(process, service.operationsText("/timeline", question));
                    break;
                } catch (EndedException e) {
                    line("farandole: no picture of " + Text.line(process) + ": "
                            + Text.line(String.valueOf(e.getMessage())));
                }
            }
        }
        if (processes.size() > BundlePage.MOST_PICTURES) {
            notes.add(
                    "Only the first " + BundlePage.MOST_PICTURES + " of " + processes.size() + " processes are drawn.");
        }
    }

    private void add(Path directory, String name, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Files.write(directory.resolve(name), bytes);
        files.add(new BundledFile(name, bytes.length, sha256(text)));
    }

    private static Hash sha256(String text) {
        try {
            return Hash.of(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256; this one says otherwise", e);
        }
    }
}
