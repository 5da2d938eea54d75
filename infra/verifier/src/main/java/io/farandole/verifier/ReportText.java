package io.farandole.verifier;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tells a report to people, or to programs. Stateless. */
public final class ReportText {

    private ReportText() {}

    /** A few lines; the first fault first. */
    public static void print(Report report, PrintWriter out) {
        for (Fault fault : report.faults()) {
            out.println(place(fault) + ": " + printable(fault.sentence()) + " [" + name(fault.kind()) + "]");
        }
        if (report.faultCount() > report.faults().size()) {
            out.println(number(report.faultCount()) + " differences in all");
        }
        out.println((report.intact() ? "AS SEALED: " : "NOT AS SEALED: ")
                + printable(String.valueOf(report.context())) + ", "
                + number(report.rows()) + " rows compared with their seals; " + number(report.seals())
                + " seals, up to position " + number(report.sealedUpTo()));
        if (report.checkpoints() >= 0) {
            out.println(number(report.checkpoints()) + " genuine checkpoints, which agree up to position "
                    + number(report.checkpointedUpTo()));
        } else {
            out.println("No checkpoints were compared: a chain that was made anew as a whole would not be noticed");
        }
        if (report.unsealed() > 0) {
            out.println(number(report.unsealed()) + " rows are not sealed yet: nothing is known of them");
        }
    }

    private static String place(Fault fault) {
        Long first = fault.firstPosition();
        Long last = fault.lastPosition();
        if (first == null || last == null) {
            return "checkpoint " + fault.checkpoint();
        }
        return first.equals(last) ? "position " + first : "positions " + first + " to " + last;
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String name(Fault.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** An altered row may hold what would move a terminal's cursor. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    /** One JSON object. */
    public static String json(Report report) {
        List<String> faults = new ArrayList<>();
        for (Fault fault : report.faults()) {
            faults.add("{\"kind\":" + text(name(fault.kind())) + ",\"firstPosition\":" + fault.firstPosition()
                    + ",\"lastPosition\":" + fault.lastPosition() + ",\"eventId\":" + text(fault.eventId())
                    + ",\"seal\":" + fault.seal() + ",\"checkpoint\":" + fault.checkpoint() + ",\"sentence\":"
                    + text(fault.sentence()) + "}");
        }
        return "{\"intact\":" + report.intact() + ",\"context\":" + text(report.context()) + ",\"rows\":"
                + report.rows()
                + ",\"seals\":" + report.seals() + ",\"sealedUpTo\":" + report.sealedUpTo() + ",\"unsealed\":"
                + report.unsealed() + ",\"checkpoints\":"
                + (report.checkpoints() < 0 ? "null" : report.checkpoints()) + ",\"checkpointedUpTo\":"
                + report.checkpointedUpTo() + ",\"faultCount\":" + report.faultCount() + ",\"faults\":["
                + String.join(",", faults) + "]}";
    }

    private static String text(@Nullable String text) {
        if (text == null) {
            return "null";
        }
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character == '"' || character == '\\') {
                json.append('\\').append(character);
            } else if (character < ' ' || Character.isSurrogate(character)) {
                json.append(String.format(Locale.ROOT, "\\u%04x", (int) character));
            } else {
                json.append(character);
            }
        }
        return json.append('"').toString();
    }
}
