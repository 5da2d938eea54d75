package io.farandole.verifier.bundle;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.stream.Collectors;

/** Tells a report on a bundle to people, or to programs. Stateless. */
public final class BundleText {

    private BundleText() {}

    /** A few lines; the first fault first. */
    public static void print(BundleReport report, PrintWriter out) {
        for (BundleFault fault : report.faults()) {
            out.println(printable(
                    fault.file() + (fault.line() == null ? "" : ", line " + fault.line()) + ": " + fault.sentence()));
        }
        if (report.faultCount() > report.faults().size()) {
            out.println(number(report.faultCount()) + " differences in all");
        }
        BundleManifest manifest = report.manifest();
        out.println(printable((report.intact() ? "AS MADE: " : "NOT AS MADE: ") + "export " + manifest.export() + " of "
                + manifest.at() + " by " + manifest.by() + ", for: " + manifest.reason()));
        for (BundleReport.Part part : report.parts()) {
            out.println(part.context() + ": " + number(part.events()) + " events; " + number(part.proven())
                    + " proven by a signed checkpoint"
                    + (part.sealed() == 0 ? "" : ", " + number(part.sealed()) + " sealed, with no checkpoint yet")
                    + (part.unsealed() == 0
                            ? ""
                            : ", " + number(part.unsealed()) + " too young for a seal: the signature of the part alone"
                                    + " vouches for them")
                    + (part.redacted() == 0
                            ? ""
                            : "; content of " + number(part.redacted()) + " redacted, not verified"));
        }
        report.notes().forEach(note -> out.println(printable(note)));
        if (report.intact()) {
            out.println("That nothing was left out, only the journals can tell: verify them too");
        }
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    /** One JSON object. */
    public static String json(BundleReport report) {
        BundleManifest manifest = report.manifest();
        return "{\"intact\":" + report.intact() + ",\"export\":" + Json.quoted(manifest.export()) + ",\"by\":"
                + Json.quoted(manifest.by()) + ",\"at\":\"" + manifest.at() + "\",\"reason\":"
                + Json.quoted(manifest.reason()) + ",\"parts\":["
                + report.parts().stream()
                        .map(part -> "{\"context\":" + Json.quoted(part.context()) + ",\"events\":" + part.events()
                                + ",\"proven\":" + part.proven() + ",\"sealed\":" + part.sealed() + ",\"unsealed\":"
                                + part.unsealed() + ",\"redacted\":" + part.redacted() + "}")
                        .collect(Collectors.joining(","))
                + "],\"missing\":"
                + PartManifest.list(
                        manifest.missing().stream().map(it -> it.context()).toList())
                + ",\"faultCount\":" + report.faultCount() + ",\"faults\":["
                + report.faults().stream()
                        .map(fault -> "{\"file\":" + Json.quoted(fault.file()) + ",\"line\":" + fault.line()
                                + ",\"sentence\":" + Json.quoted(fault.sentence()) + "}")
                        .collect(Collectors.joining(","))
                + "],\"notes\":" + PartManifest.list(report.notes()) + "}";
    }
}
