package io.farandole.audit.timeline;

import io.farandole.audit.timeline.Timeline.Entry;
import io.farandole.audit.timeline.Timeline.Heard;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/**
 * A timeline as a sequence diagram in SVG, which needs nothing but a browser: a lifeline per context, a dot per event, an arrow for each context
 * that heard of it. Readable on light and dark pages; the full text of each row is its tooltip.
 */
public final class TimelineSvg {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

    private static final int LEFT = 110;
    private static final int LANE = 260;
    private static final int TOP = 48;
    private static final int ROW = 30;

    private static final String STYLE =
            "svg{font:13px system-ui,sans-serif;color-scheme:light dark;background:Canvas;color:CanvasText}"
                    + "text{fill:currentColor}.lane{stroke:currentColor;opacity:.3}.time{opacity:.7;font-size:11px}"
                    + ".arrow{stroke:#0a7ea4;stroke-width:1.5;fill:none}.head{fill:#0a7ea4}.dot{fill:#c2410c}"
                    + ".name{font-weight:600;font-size:15px}";

    private TimelineSvg() {}

    /** A whole SVG document. */
    public static String of(Timeline timeline) {
        List<String> contexts = new ArrayList<>(TimelineMermaid.contexts(timeline));
        int rows = timeline.events().stream()
                .mapToInt(entry -> Math.max(1, entry.heard().size()))
                .sum();
        int width = LEFT + Math.max(1, contexts.size()) * LANE;
        int height = TOP + (rows + 1) * ROW;
        StringBuilder svg = new StringBuilder()
                .append("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"")
                .append(width)
                .append("\" height=\"")
                .append(height)
                .append("\" viewBox=\"0 0 ")
                .append(width)
                .append(' ')
                .append(height)
                .append("\"><title>")
                .append(escaped("Process " + timeline.processKey()))
                .append("</title><style>")
                .append(STYLE)
                .append("</style>");
        for (int i = 0; i < contexts.size(); i++) {
            svg.append(element(
                            "text",
                            "class=\"name\" text-anchor=\"middle\" x=\"" + lane(i) + "\" y=\"24\"",
                            contexts.get(i)))
                    .append("<line class=\"lane\" x1=\"" + lane(i) + "\" y1=\"" + (TOP - 12) + "\" x2=\"" + lane(i)
                            + "\" y2=\"" + (height - ROW / 2) + "\"/>");
        }
        int y = TOP + ROW / 2;
        for (Entry entry : timeline.events()) {
            y = event(svg, entry, contexts, y);
        }
        return svg.append("</svg>\n").toString();
    }

    private static int event(StringBuilder svg, Entry entry, List<String> contexts, int top) {
        int from = lane(contexts.indexOf(entry.context()));
        int y = top;
        svg.append("<g><title>")
                .append(escaped(entry.context() + ": " + entry.type() + ".v" + entry.version() + ", "
                        + entry.occurredAt() + (entry.command() == null ? "" : ", by " + entry.command()) + ", event "
                        + entry.eventId()))
                .append("</title>")
                .append(element(
                        "text", "class=\"time\" x=\"8\" y=\"" + (y + 4) + "\"", TIME.format(entry.occurredAt())))
                .append("<circle class=\"dot\" r=\"4\" cx=\"" + from + "\" cy=\"" + y + "\"/>");
        if (entry.heard().isEmpty()) {
            svg.append(element(
                    "text", "x=\"" + (from + 9) + "\" y=\"" + (y + 4) + "\"", shortened(TimelineMermaid.label(entry))));
            y += ROW;
        }
        for (Heard heard : entry.heard()) {
            int to = lane(contexts.indexOf(heard.context()));
            int tip = to > from ? to - 2 : to + 2;
            int back = to > from ? tip - 8 : tip + 8;
            svg.append("<line class=\"arrow\" x1=\"" + from + "\" y1=\"" + y + "\" x2=\"" + back + "\" y2=\"" + y
                            + "\"/>")
                    .append("<path class=\"head\" d=\"M" + tip + " " + y + "L" + back + " " + (y - 4) + "L" + back + " "
                            + (y + 4) + "Z\"/>")
                    .append(element(
                            "text",
                            "text-anchor=\"middle\" x=\"" + (from + to) / 2 + "\" y=\"" + (y - 5) + "\"",
                            shortened(TimelineMermaid.label(entry)) + ", " + Durations.text(heard.after())));
            y += ROW;
        }
        svg.append("</g>");
        return y;
    }

    private static int lane(int index) {
        return LEFT + LANE / 2 + index * LANE;
    }

    /** The context's name stands above it already. */
    private static String shortened(String type) {
        return type.substring(type.lastIndexOf('.') + 1);
    }

    private static String element(String name, String attributes, String text) {
        return "<" + name + " " + attributes + ">" + escaped(text) + "</" + name + ">";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replaceAll("[\\p{Cntrl}&&[^\\t]]", "?");
    }
}
