package io.farandole.bench;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An outcome as a table on a terminal. */
final class Table {

    private static final List<String> HEAD = List.of("", "ours", "baseline", "ratio", "target", "");

    private Table() {}

    static String of(Outcome outcome) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        outcome.figures().forEach(figure -> rows.add(row(figure)));
        int[] widths = new int[HEAD.size()];
        for (List<String> row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        StringBuilder table = new StringBuilder();
        table.append(outcome.benchmark())
                .append("  (")
                .append(outcome.commit())
                .append(", ")
                .append(outcome.at());
        table.append(")\n").append(outcome.machine().line()).append("\n\n");
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                String gap = " ".repeat(widths[column] - row.get(column).length());
                // Words to the left, numbers to the right.
                boolean number = column > 0 && column < 4;
                line.append(number ? gap : "")
                        .append(row.get(column))
                        .append(number ? "" : gap)
                        .append("  ");
            }
            table.append(line.toString().stripTrailing()).append('\n');
        }
        list(table, "Held", outcome.invariants());
        list(table, "Mind", outcome.remarks());
        return table.toString();
    }

    private static List<String> row(Figure figure) {
        String baseline = number(figure.baseline());
        return List.of(
                figure.name() + ", " + figure.unit(),
                Numbers.text(figure.ours()),
                figure.baselineName().isEmpty() ? baseline : figure.baselineName() + " " + baseline,
                number(figure.ratio()),
                figure.target() == null ? "" : figure.target().toString(),
                figure.target() == null ? "" : figure.met() ? "met" : "NOT MET");
    }

    private static String number(@Nullable Double value) {
        return value == null ? "" : Numbers.text(value);
    }

    private static void list(StringBuilder table, String title, List<String> sentences) {
        if (!sentences.isEmpty()) {
            table.append('\n').append(title).append(":\n");
            sentences.forEach(sentence -> table.append("  - ").append(sentence).append('\n'));
        }
    }
}
