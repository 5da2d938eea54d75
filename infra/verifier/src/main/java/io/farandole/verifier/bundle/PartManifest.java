package io.farandole.verifier.bundle;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a context says of its part of a bundle, and signs.
 *
 * @param export the id of the export
 * @param context whose journal it is of
 * @param by the operator who asked
 * @param at when, by that service's clock
 * @param reason why
 * @param processes whose events were asked for
 * @param contexts that were asked, this one among them
 * @param maskedFields whose values were taken out; empty if nothing was masked
 * @param events how many there are
 * @param redacted how many of them have had values taken out
 * @param firstPosition of the first event; 0 if there is none
 * @param lastPosition of the last event; 0 if there is none
 * @param firstTime when the first one occurred; null if there is none
 * @param lastTime when the last one did; null if there is none
 * @param sealedUpTo up to this position the journal was sealed then: what it has there of these processes is all here
 * @param files the two files of the part
 */
public record PartManifest(
        String export,
        String context,
        String by,
        Instant at,
        String reason,
        List<String> processes,
        List<String> contexts,
        List<String> maskedFields,
        long events,
        long redacted,
        long firstPosition,
        long lastPosition,
        @Nullable Instant firstTime,
        @Nullable Instant lastTime,
        long sealedUpTo,
        List<BundledFile> files) {

    /** What it says it is. */
    static final String FORMAT = "farandole-bundle-part/";

    /** The version that is written. */
    static final int VERSION = 1;

    public PartManifest {
        processes = List.copyOf(processes);
        contexts = List.copyOf(contexts);
        maskedFields = List.copyOf(maskedFields);
        files = List.copyOf(files);
    }

    /** Its text, of several lines. */
    public String json() {
        return "{\n  \"format\":\"" + FORMAT + VERSION + "\",\n  \"export\":" + Json.quoted(export)
                + ",\n  \"context\":" + Json.quoted(context) + ",\n  \"by\":" + Json.quoted(by) + ",\n  \"at\":\"" + at
                + "\",\n  \"reason\":" + Json.quoted(reason) + ",\n  \"processes\":" + list(processes)
                + ",\n  \"contexts\":" + list(contexts) + ",\n  \"maskedFields\":" + list(maskedFields)
                + ",\n  \"events\":" + events + ",\n  \"redacted\":" + redacted + ",\n  \"firstPosition\":"
                + firstPosition + ",\n  \"lastPosition\":" + lastPosition + ",\n  \"firstTime\":" + time(firstTime)
                + ",\n  \"lastTime\":" + time(lastTime) + ",\n  \"sealedUpTo\":" + sealedUpTo + ",\n  \"files\":"
                + BundledFile.json(files) + "\n}\n";
    }

    static PartManifest parse(Members members) {
        return new PartManifest(
                members.text("export"),
                members.text("context"),
                members.text("by"),
                Instant.parse(members.text("at")),
                members.text("reason"),
                members.texts("processes"),
                members.texts("contexts"),
                members.texts("maskedFields"),
                members.number("events"),
                members.number("redacted"),
                members.number("firstPosition"),
                members.number("lastPosition"),
                members.time("firstTime"),
                members.time("lastTime"),
                members.number("sealedUpTo"),
                members.objects("files").stream().map(BundledFile::parse).toList());
    }

    static String list(List<String> texts) {
        return texts.stream().map(Json::quoted).collect(Collectors.joining(",", "[", "]"));
    }

    private static String time(@Nullable Instant time) {
        return time == null ? "null" : "\"" + time + "\"";
    }
}
