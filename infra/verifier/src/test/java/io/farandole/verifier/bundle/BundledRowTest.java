package io.farandole.verifier.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.verifier.RowColumn;
import io.farandole.verifier.StoredRow;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BundledRowTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"a\":1.0,\"b\":1e3,\"c\":[null,true,\"\\u00e9é\uD83D\uDE00\"]}",
                " {}",
                "{} ",
                "{\n}",
                "no json",
                "",
                "12345678901234567890",
                "\"\u0001\"",
                "{\"a\":1,\"a\":2}"
            })
    void aLineHoldsThePayloadAsItIsStored(String payload) {
        StoredRow row = TestBundle.row("order", 1, true, "order", "e", payload, 7L);
        String line = BundledRow.of(row, null).line();
        assertThat(line).doesNotContain("\n");
        BundledRow read = BundledRow.parse(line);
        assertThat(read.hash()).isEqualTo(row.hash());
        for (RowColumn column : RowColumn.values()) {
            assertThat(read.value(column)).isEqualTo(row.value(column));
        }
    }

    @Test
    void itIsACloudEvent() {
        assertThat(BundledRow.of(TestBundle.row("order", 1, true, "order", "e", "{\"a\":1}", null), null)
                        .line())
                .isEqualTo(
                        "{\"specversion\":\"1.0\",\"position\":\"1\",\"own\":true,\"id\":\"e\",\"source\":\"order\","
                                + "\"type\":\"order.happened\",\"dataversion\":1,\"metadata\":\"{\\\"command\\\":\\\"PlaceOrder\\\"}\","
                                + "\"processkey\":\"o-1\",\"wiretype\":\"order.happened.v1\",\"time\":\"2026-11-22T09:00:00.123456Z\","
                                + "\"recordedat\":\"2026-11-22T09:00:00.200Z\",\"datacontenttype\":\"application/json\",\"data\":{\"a\":1}}");
    }

    @Test
    void aRedactedRowKeepsItsHash() {
        StoredRow row = TestBundle.row("order", 1, true, "order", "e", "{\"token\":\"secret\"}", null);
        String line = BundledRow.of(row, null)
                .redacted(Map.of(RowColumn.PAYLOAD, "{\"token\":\"▒\"}"))
                .line();
        assertThat(line).doesNotContain("secret").contains("\"redacted\":\"data\"");
        assertThat(BundledRow.parse(line).hash()).isEqualTo(row.hash());
        assertThat(BundledRow.parse(line).redacted()).containsExactly(RowColumn.PAYLOAD);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"specversion\":\"1.0\"}",
                "{\"specversion\":\"2.0\",\"position\":\"1\",\"data\":1}",
                "{\"specversion\":\"1.0\",\"position\":\"1\",\"data\":1,\"data\":2}",
                "{\"specversion\":\"1.0\",\"position\":1,\"data\":1}",
                "{\"specversion\":\"1.0\",\"position\":\"1\",\"data\":1,\"unheard\":2}",
                "{\"specversion\":\"1.0\",\"position\":\"1\",\"data\":1,\"redacted\":\"data\"}",
                "{\"specversion\":\"1.0\",\"position\":\"1\",\"data\":1,\"proof\":\"1:2\"}",
                "{\"specversion\":\"1.0\",\"position\":\"1\",\"data\":1,\"data_base64\":\"AA==\"}",
                "{\"specversion\":\"1.0\",\"position\":\"1\",\"data\":1} x",
                "{\"specversion\":\"1.0\",\"position\":\"1\",\"data\":[[[}"
            })
    void whatIsNoneIsRefused(String line) {
        assertThatThrownBy(() -> BundledRow.parse(line)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aValueIsToldAsItWasWritten() {
        Members members = Json.object(
                "{ \"a\": 1.50 , \"b\" :\"x\\u00e9 \\\" y\" ,\"c\":[1, {\"d\": 2 }] ,\"e\":-0,\"f\":12345678901234567890 ,"
                        + "\"g\":{ \"h\":[ ] } , \"i\":true, \"j\": null,\"k\":\"\"}");
        assertThat(members.raw())
                .isEqualTo(Map.ofEntries(
                        Map.entry("a", "1.50"),
                        Map.entry("b", "\"x\\u00e9 \\\" y\""),
                        Map.entry("c", "[1, {\"d\": 2 }]"),
                        Map.entry("e", "-0"),
                        Map.entry("f", "12345678901234567890"),
                        Map.entry("g", "{ \"h\":[ ] }"),
                        Map.entry("i", "true"),
                        Map.entry("j", "null"),
                        Map.entry("k", "\"\"")));
        assertThat(members.text("b")).isEqualTo("xé \" y");
    }

    @Test
    void nestingIsBounded() {
        assertThatThrownBy(() -> Json.object("{\"a\":" + "[".repeat(100_000) + "}"))
                .hasMessageContaining("nested too deeply");
    }
}
