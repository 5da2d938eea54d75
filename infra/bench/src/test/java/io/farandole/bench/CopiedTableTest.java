package io.farandole.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CopiedTableTest {

    private static final CopiedTable.Copy COPY = new CopiedTable.Copy(
            7, 1_000, 20, 100, 2, "order", Map.of("order", 50L, "stock", 60L), Map.of("order", 8, "stock", 9));

    @Test
    void givesEachCopyAPositionBehindTheLast() {
        assertThat(journal("position", "bigint")).contains("select 50 + 1 + c.n * 8 + t.bench_ordinal from");
    }

    @Test
    void namesThePositionThatTheProducersCopyHas() {
        assertThat(journal("source_sequence", "bigint"))
                .contains("case t.source when 'order' then 50 + 1 + c.n * 8 + t.bench_source_ordinal"
                        + " when 'stock' then 60 + 1 + c.n * 9 + t.bench_source_ordinal end");
    }

    @Test
    void continuesTheHistoryOfAProduct() {
        assertThat(journal("sequence", "bigint"))
                .contains("else b.next + (c.n * 20 + t.bench_i) / 100 * 2 + t.bench_item_ordinal end");
    }

    @Test
    void givesTextItsOwnIdsAndProductsAndSpreadsTimes() {
        String insert = table(
                        "app", "order_status", "order_id", "text", "placed_at", "timestamp with time zone", "n", "int")
                .insert(COPY);
        assertThat(insert)
                .startsWith("insert into app.order_status (order_id, placed_at, n) select"
                        + " replace(replace(t.order_id, '@id@', c.id), '@item@', 'p-' || b.item),"
                        + " t.placed_at + c.n * interval '1 millisecond', t.n from")
                .contains("g.k - 7 as n", "to_hex(1000 + g.k)", "(c.n * 20 + t.bench_i) % 100");
    }

    private static String journal(String column, String type) {
        return table("farandole", "journal", column, type).insert(COPY);
    }

    private static CopiedTable table(String schema, String name, String... columns) {
        Map<String, String> types = new LinkedHashMap<>();
        for (int i = 0; i < columns.length; i += 2) {
            types.put(columns[i], columns[i + 1]);
        }
        return new CopiedTable(schema, name, "order_id", types);
    }
}
