package io.farandole.verifier.bundle;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a bundle says of itself.
 *
 * @param export the id of the export
 * @param by the operator who asked
 * @param at when
 * @param reason why
 * @param subject whose processes these are, such as {@code customer=c-7}; null if they were named
 * @param processes whose events were asked for
 * @param contexts that were asked
 * @param missing those of them that have no part here, and why
 * @param closedBy the context that signed the manifest
 * @param events how many there are, in all parts
 * @param files all other files, but the signature
 */
public record BundleManifest(
        String export,
        String by,
        Instant at,
        String reason,
        @Nullable String subject,
        List<String> processes,
        List<String> contexts,
        List<Missing> missing,
        String closedBy,
        long events,
        List<BundledFile> files) {

    /** What it says it is. */
    static final String FORMAT = "farandole-bundle/";

    /** The version that is written. */
    static final int VERSION = 1;

    public BundleManifest {
        processes = List.copyOf(processes);
        contexts = List.copyOf(contexts);
        missing = List.copyOf(missing);
        files = List.copyOf(files);
    }

    /** A context without a part. */
    public record Missing(String context, String reason) {}

    /** The contexts that have a part. */
    public List<String> parts() {
        return contexts.stream()
                .filter(context -> missing.stream().noneMatch(it -> it.context().equals(context)))
                .toList();
    }

    /** Its text, of several lines. */
    public String json() {
        return "{\n  \"format\":\"" + FORMAT + VERSION + "\",\n  \"export\":" + Json.quoted(export) + ",\n  \"by\":"
                + Json.quoted(by) + ",\n  \"at\":\"" + at + "\",\n  \"reason\":" + Json.quoted(reason)
                + ",\n  \"subject\":" + (subject == null ? "null" : Json.quoted(subject)) + ",\n  \"processes\":"
                + PartManifest.list(processes) + ",\n  \"contexts\":" + PartManifest.list(contexts)
                + ",\n  \"missing\":" + missingJson() + ",\n  \"closedBy\":" + Json.quoted(closedBy)
                + ",\n  \"events\":" + events + ",\n  \"files\":" + BundledFile.json(files) + "\n}\n";
    }

    private String missingJson() {
        return missing.stream()
                .map(it ->
                        "{\"context\":" + Json.quoted(it.context()) + ",\"reason\":" + Json.quoted(it.reason()) + "}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    static BundleManifest parse(Members members) {
        return new BundleManifest(
                members.text("export"),
                members.text("by"),
                Instant.parse(members.text("at")),
                members.text("reason"),
                members.optional("subject"),
                members.texts("processes"),
                members.texts("contexts"),
                members.objects("missing").stream()
                        .map(it -> new Missing(it.text("context"), it.text("reason")))
                        .toList(),
                members.text("closedBy"),
                members.number("events"),
                members.objects("files").stream().map(BundledFile::parse).toList());
    }
}
