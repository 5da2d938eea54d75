package io.farandole.cli;

import io.farandole.verifier.RowColumn;
import io.farandole.verifier.bundle.BundleManifest;
import io.farandole.verifier.bundle.BundledRow;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A bundle for people: one page without a network, which shows what the JSON Lines beside it hold. All of it is text before it is a
 * page: nothing from a journal can become markup, and a policy lets no other script run than the page's own. Used by one thread.
 */
final class BundlePage {

    /** A page with more is of no use to anybody; the JSON Lines have all. */
    static final int MOST = 2000;

    /** So many processes are drawn. */
    static final int MOST_PICTURES = 20;

    private static final int LONGEST = 8000;
    private static final Pattern PERSONAL = Pattern.compile("farandole-personal:v1:[A-Za-z0-9._:=-]*");
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private static final String STYLE =
            """
            :root{color-scheme:light dark;--line:#8886;--quiet:#666}
            @media(prefers-color-scheme:dark){:root{--quiet:#a5a5a5}}
            body{font:15px/1.45 system-ui,sans-serif;margin:1.5rem auto;max-width:78rem;padding:0 1rem;background:Canvas;color:CanvasText}
            h1{font-size:1.5rem;margin:0 0 .5rem}h2{font-size:1.15rem;margin:2rem 0 .5rem}
            dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{color:var(--quiet)}dd{margin:0;overflow-wrap:anywhere}
            .note{border-left:4px solid #c2410c;padding:.4rem .8rem;margin:1rem 0}
            .picture{overflow-x:auto;border:1px solid var(--line);border-radius:6px;padding:.5rem;margin:.5rem 0}
            .filter{display:flex;gap:1rem;flex-wrap:wrap;align-items:center;margin:.8rem 0}
            input[type=search]{font:inherit;padding:.3rem .5rem;min-width:18rem}
            .scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}caption{text-align:left;color:var(--quiet)}
            th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-top:1px solid var(--line)}
            th{position:sticky;top:0;background:Canvas}td.id{font-family:ui-monospace,monospace;font-size:.85em;overflow-wrap:anywhere}
            tr.heard{color:var(--quiet)}pre{white-space:pre-wrap;overflow-wrap:anywhere;max-width:60rem;font-size:.85em;margin:.3rem 0}
            :focus-visible{outline:2px solid #0a7ea4;outline-offset:2px}
            """;

    private static final String SCRIPT =
            """
            const search = document.getElementById('search');
            const heard = document.getElementById('heard');
            const rows = [...document.querySelectorAll('tbody tr')];
            const shown = document.getElementById('shown');
            function filter() {
              const words = search.value.toLowerCase().split(/\\s+/).filter(word => word);
              let count = 0;
              for (const row of rows) {
                const text = row.textContent.toLowerCase();
                row.hidden = !words.every(word => text.includes(word)) || (!heard.checked && row.classList.contains('heard'));
                count += row.hidden ? 0 : 1;
              }
              shown.textContent = count + ' of ' + rows.length + ' events are shown';
            }
            search.addEventListener('input', filter);
            heard.addEventListener('change', filter);
            filter();
            """;

    private final List<Row> rows = new ArrayList<>();
    private final Map<String, String> pictures = new LinkedHashMap<>();
    private final Map<String, Long> events = new LinkedHashMap<>();

    private record Row(String time, String context, long position, String html) {}

    /** A line of a context's events. */
    void event(String context, String line) {
        events.merge(context, 1L, Long::sum);
        if (rows.size() >= MOST) {
            return;
        }
        BundledRow row = BundledRow.parse(line);
        boolean own = Boolean.TRUE.equals(row.value(RowColumn.OWN));
        String time = row.text(RowColumn.OCCURRED_AT);
        StringBuilder html = new StringBuilder(own ? "<tr>" : "<tr class=\"heard\">");
        cell(html, "", time.replace("T", " ").replace("Z", ""));
        cell(html, "", context + (own ? "" : ", heard from " + row.text(RowColumn.SOURCE)));
        cell(html, "", row.text(RowColumn.PAYLOAD_TYPE) + ".v" + row.text(RowColumn.PAYLOAD_VERSION));
        cell(html, " class=\"id\"", row.text(RowColumn.PROCESS_KEY));
        cell(html, "", Long.toString(row.position()));
        html.append("<td><details><summary>")
                .append(escaped(row.redacted().isEmpty() ? "Content" : "Content, masked"))
                .append("</summary><pre>")
                .append(escaped(content(row)))
                .append("</pre></details></td></tr>\n");
        rows.add(new Row(time, context, row.position(), html.toString()));
    }

    /** What broke off is no part, and not on the page. */
    void forget(String context) {
        events.remove(context);
        rows.removeIf(row -> row.context().equals(context));
    }

    /** A process as a picture, as a service drew it. */
    void picture(String process, String svg) {
        if (pictures.size() < MOST_PICTURES) {
            pictures.put(process, svg);
        }
    }

    /** The page. */
    String html(BundleManifest manifest, List<String> notes) {
        rows.sort(Comparator.comparing(Row::time).thenComparing(Row::context).thenComparing(Row::position));
        StringBuilder html = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n")
                .append(
                        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src '")
                .append(hash(STYLE))
                .append("'; script-src '")
                .append(hash(SCRIPT))
                .append(
                        "'; base-uri 'none'; form-action 'none'\">\n<meta name=\"viewport\" content=\"width=device-width\">")
                .append(
                        "<meta name=\"referrer\" content=\"no-referrer\">\n<title>History for an auditor</title>\n<style>")
                .append(STYLE)
                .append("</style></head><body><main>\n<h1>History for an auditor</h1>\n<dl>");
        entry(html, "Export", manifest.export());
        entry(html, "Asked for by", manifest.by());
        entry(html, "At", manifest.at().toString());
        entry(html, "Because", manifest.reason());
        String subject = manifest.subject();
        if (subject != null) {
            entry(html, "Subject", subject);
        }
        entry(html, "Processes", String.join(", ", manifest.processes()));
        entry(html, "Contexts", String.join(", ", manifest.parts()));
        html.append(
                        "</dl>\n<p>This page proves nothing: <code>farandole verify --bundle</code> tells whether the events are as the")
                .append(" contexts stored them. Personal and masked values are not shown. Times are UTC.</p>\n");
        manifest.missing().forEach(it -> note(html, "Missing: " + it.context() + ". " + it.reason()));
        notes.forEach(note -> note(html, note));
        long all = events.values().stream().mapToLong(Long::longValue).sum();
        if (all > rows.size()) {
            note(
                    html,
                    "Only " + rows.size() + " of " + events
                            + " events are on this page; the .jsonl files have all of them.");
        }
        if (!pictures.isEmpty()) {
            html.append("<h2>Timeline</h2>\n");
        }
        pictures.forEach((process, svg) -> html.append(
                        "<div class=\"picture\" tabindex=\"0\" role=\"region\" aria-label=\"")
                .append(escaped("Timeline of process " + process))
                .append("\"><img alt=\"")
                .append(escaped("Sequence diagram of process " + process + "; the table below has all of its events"))
                .append("\" src=\"data:image/svg+xml;base64,")
                .append(Base64.getEncoder().encodeToString(svg.getBytes(StandardCharsets.UTF_8)))
                .append("\"></div>\n"));
        html.append(
                        "<h2>Events</h2>\n<div class=\"filter\"><label>Filter <input type=\"search\" id=\"search\"></label>")
                .append("<label><input type=\"checkbox\" id=\"heard\"> also what a context only heard</label>")
                .append(
                        "<span id=\"shown\" role=\"status\"></span></div>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\"")
                .append(
                        " aria-label=\"Events\"><table><caption>By the time at which they occurred</caption><thead><tr>");
        for (String heading : List.of("Time (UTC)", "Context", "Event", "Process", "Position", "Content")) {
            html.append("<th scope=\"col\">").append(heading).append("</th>");
        }
        html.append("</tr></thead><tbody>\n");
        rows.forEach(row -> html.append(row.html()));
        return html.append("</tbody></table></div></main>\n<script>")
                .append(SCRIPT)
                .append("</script></body></html>\n")
                .toString();
    }

    private static String content(BundledRow row) {
        StringBuilder text = new StringBuilder(pretty(row.text(RowColumn.PAYLOAD)));
        for (RowColumn column : List.of(
                RowColumn.WIRE_TYPE,
                RowColumn.WIRE_PAYLOAD,
                RowColumn.METADATA,
                RowColumn.AGGREGATE_TYPE,
                RowColumn.AGGREGATE_ID,
                RowColumn.SEQUENCE,
                RowColumn.EVENT_ID,
                RowColumn.CAUSATION_ID,
                RowColumn.CORRELATION_ID,
                RowColumn.RECORDED_AT)) {
            if (row.value(column) != null) {
                text.append('\n').append(column.columnName()).append(": ").append(row.text(column));
            }
        }
        String shown = masked(text.toString());
        return shown.length() <= LONGEST ? shown : shown.substring(0, LONGEST) + "\n… (the .jsonl file has all of it)";
    }

    /** What is sealed for a person stays in the .jsonl file, for it is part of what is proven; nobody can read it there. */
    private static String masked(String text) {
        return PERSONAL.matcher(text).replaceAll("▒▒▒ personal");
    }

    private static String pretty(String json) {
        try {
            return JSON.writeValueAsString(JSON.readTree(json));
        } catch (JacksonException e) {
            // Shown as it is: a page does not stop at what it cannot lay out.
            return json;
        }
    }

    private static void entry(StringBuilder html, String name, String value) {
        html.append("<dt>")
                .append(name)
                .append("</dt><dd>")
                .append(escaped(masked(value)))
                .append("</dd>");
    }

    private static void note(StringBuilder html, String sentence) {
        html.append("<p class=\"note\">").append(escaped(sentence)).append("</p>\n");
    }

    private static void cell(StringBuilder html, String attributes, String text) {
        html.append("<td")
                .append(attributes)
                .append('>')
                .append(escaped(masked(text)))
                .append("</td>");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replaceAll("[\\p{Cntrl}&&[^\\n\\t]]", "?");
    }

    private static String hash(String text) {
        try {
            return "sha256-"
                    + Base64.getEncoder()
                            .encodeToString(
                                    MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256; this one says otherwise", e);
        }
    }
}
