package io.farandole.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Shows a JSON document to people, whatever is in it: single values as lines, lists of objects as tables with their own headings,
 * and what is nested in a row below it.
 */
final class JsonText {

    private static final int LONGEST_CELL = 80;

    /** Of a time; seconds are enough for people. */
    private static final Pattern FRACTION = Pattern.compile("^(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d)\\.\\d+Z$");

    private final PrintWriter out;

    JsonText(PrintWriter out) {
        this.out = out;
    }

    void print(JsonNode document) {
        print("", document);
    }

    private void print(String title, JsonNode node) {
        if (node.isObject()) {
            printFields(title, node);
        } else if (node.isArray()) {
            printList(title, node);
        } else {
            out.println((title.isEmpty() ? "" : title + ": ") + Text.of(node));
        }
    }

    private void printFields(String title, JsonNode object) {
        if (!title.isEmpty()) {
            out.println(title);
        }
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (!isNested(field.getValue()) && !cell(field.getValue()).isEmpty()) {
                out.println("  " + Text.line(field.getKey()) + ": " + cell(field.getValue()));
            }
        }
        printNested(title, object);
    }

    private void printNested(String title, JsonNode object) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (isNested(field.getValue())) {
                out.println();
                print((title.isEmpty() ? "" : title + " ") + Text.line(field.getKey()), field.getValue());
            }
        }
    }

    private void printList(String title, JsonNode list) {
        if (!title.isEmpty()) {
            out.println(title);
        }
        // What has a list of its own is shown with it; the others are rows of one table.
        List<JsonNode> rows = new ArrayList<>();
        for (JsonNode row : list) {
            if (!row.isObject()) {
                out.println("  " + cell(row));
            } else if (hasNested(row)) {
                printRows(rows);
                rows.clear();
                printRows(List.of(row));
                printNested(name(title, row), row);
                out.println();
            } else {
                rows.add(row);
            }
        }
        printRows(rows);
    }

    private void printRows(List<JsonNode> rows) {
        Set<String> columns = new LinkedHashSet<>();
        rows.forEach(row -> row.properties().forEach(field -> {
            if (!isNested(field.getValue()) && !cell(field.getValue()).isEmpty()) {
                columns.add(field.getKey());
            }
        }));
        if (columns.isEmpty()) {
            return;
        }
        Table table = new Table(columns.stream().map(JsonText::heading).toList());
        rows.forEach(row ->
                table.row(columns.stream().map(column -> cell(row.path(column))).toList()));
        table.print(out);
    }

    /** {@code startedAt} as {@code STARTED AT}. */
    private static String heading(String name) {
        return Text.line(name).replaceAll("([a-z])([A-Z])", "$1 $2").toUpperCase(Locale.ROOT);
    }

    /** By its first text. */
    private static String name(String title, JsonNode row) {
        return row.properties().stream()
                .filter(field -> field.getValue().isString())
                .findFirst()
                .map(field -> Text.of(field.getValue()))
                .orElse(title);
    }

    private static boolean hasNested(JsonNode row) {
        return row.properties().stream().anyMatch(field -> isNested(field.getValue()));
    }

    /** Lists of values fit into a cell. */
    private static boolean isNested(JsonNode value) {
        if (value.isObject()) {
            return !value.isEmpty();
        }
        if (value.isArray()) {
            for (JsonNode element : value) {
                if (element.isObject() || element.isArray()) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String cell(JsonNode value) {
        if (value.isArray()) {
            List<String> elements = new ArrayList<>();
            value.forEach(element -> elements.add(Text.of(element)));
            return Text.shortened(String.join(", ", elements), LONGEST_CELL);
        }
        return Text.shortened(FRACTION.matcher(Text.of(value)).replaceAll("$1Z"), LONGEST_CELL);
    }
}
