package io.farandole.bench;

import java.util.Locale;

/** Writes a picture element by element: no script, no font of its own, colours for light and dark. Used by one thread. */
final class Svg {

    private static final String STYLE =
            """
            <style>
              text { font: 12px system-ui, sans-serif; fill: #1f2328; }
              .title { font-size: 15px; font-weight: 600; }
              .small { font-size: 10.5px; fill: #59636e; }
              .paper { fill: #ffffff; }
              .axis { stroke: #59636e; stroke-width: 1; }
              .grid { stroke: #d1d9e0; stroke-width: 0.5; }
              .line { fill: none; stroke-width: 2; }
              .s0 { fill: #0969da; stroke: #0969da; } .s1 { fill: #bc4c00; stroke: #bc4c00; }
              .s2 { fill: #1a7f37; stroke: #1a7f37; } .s3 { fill: #8250df; stroke: #8250df; }
              .s4 { fill: #bf3989; stroke: #bf3989; } .s5 { fill: #6e7781; stroke: #6e7781; }
              polyline.line { fill: none; }
              @media (prefers-color-scheme: dark) {
                text { fill: #e6edf3; } .small { fill: #9198a1; } .paper { fill: #0d1117; }
                .axis { stroke: #9198a1; } .grid { stroke: #3d444d; }
                .s0 { fill: #4493f8; stroke: #4493f8; } .s1 { fill: #f0883e; stroke: #f0883e; }
                .s2 { fill: #3fb950; stroke: #3fb950; } .s3 { fill: #ab7df8; stroke: #ab7df8; }
                .s4 { fill: #db61a2; stroke: #db61a2; } .s5 { fill: #9198a1; stroke: #9198a1; }
              }
            </style>
            """;

    private final StringBuilder elements = new StringBuilder();
    private final int width;
    private final int height;

    Svg(String title, int width, int height) {
        this.width = width;
        this.height = height;
        elements.append("<title>").append(escaped(title)).append("</title>\n").append(STYLE);
        add("<rect class=\"paper\" width=\"%d\" height=\"%d\"/>", width, height);
        text("title", 16, 26, "start", title);
    }

    /** The class of the n-th colour. */
    static String colour(int n) {
        return "s" + n % 6;
    }

    void line(String styleClass, double x1, double y1, double x2, double y2) {
        add("<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>", styleClass, x1, y1, x2, y2);
    }

    void bar(String styleClass, double x, double y, double barWidth, double barHeight) {
        add(
                "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\"/>",
                styleClass, x, y, Math.max(1, barWidth), barHeight);
    }

    void dot(String styleClass, double x, double y) {
        add("<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>", styleClass, x, y);
    }

    /** @param points pairs {@code x,y}, separated by spaces */
    void path(String styleClass, String points) {
        add("<polyline class=\"line %s\" points=\"%s\"/>", styleClass, points);
    }

    /** @param anchor start, middle or end */
    void text(String styleClass, double x, double y, String anchor, String text) {
        add(
                "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
                styleClass, x, y, anchor, escaped(text));
    }

    /** Text from below upwards. */
    void upright(double x, double y, String text) {
        add(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" transform=\"rotate(-90 %.1f %.1f)\">%s</text>",
                x, y, x, y, escaped(text));
    }

    private void add(String format, Object... arguments) {
        elements.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    @Override
    public String toString() {
        return String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
                                + " role=\"img\">%n",
                        width,
                        height,
                        width,
                        height)
                + elements
                + "</svg>\n";
    }
}
