package io.farandole.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ChartsTest {

    private static final Curve GROWTH = Curve.of("throughput over events", "events in the journal", "orders/s")
            .withLogX()
            .with("ours", List.of(new Point(1e6, 900), new Point(1e4, 1_000), new Point(1e5, 950)))
            .with("raw <& \"fast\">", List.of(new Point(1e4, 4_000), new Point(1e6, 3_900)));

    private final Outcome outcome = Outcome.of("growth")
            .figure(Figure.of("ratio < 1 & more", "orders/s", 900)
                    .against("raw", 3_900)
                    .ratioAtLeast(0.3))
            .figure(Figure.of("nothing", "ms", 0))
            .curve(GROWTH)
            .build();

    @Test
    void barChartIsWellFormedAndHasABarForEachValue() throws Exception {
        String svg = BarChart.of(outcome);
        Document document = parsed(svg);
        // Paper, three values, two of the legend.
        assertThat(document.getElementsByTagName("rect").getLength()).isEqualTo(6);
        assertThat(svg).contains("prefers-color-scheme: dark", "ratio ≥ 0.30: not met", "3,900 raw");
        assertThat(document.getElementsByTagName("script").getLength()).isZero();
    }

    @Test
    void lineChartIsWellFormedAndHasALineForEachSeries() throws Exception {
        String svg = LineChart.of(GROWTH, outcome);
        Document document = parsed(svg);
        assertThat(document.getElementsByTagName("polyline").getLength()).isEqualTo(2);
        assertThat(document.getElementsByTagName("circle").getLength()).isEqualTo(5);
        assertThat(svg).contains("events in the journal (log)", "100k", "raw &lt;&amp;");
    }

    @Test
    void valuesStandWhereTheyBelong() throws Exception {
        String points = parsed(LineChart.of(GROWTH, outcome))
                .getElementsByTagName("polyline")
                .item(0)
                .getAttributes()
                .getNamedItem("points")
                .getNodeValue();
        // Logarithmic: 10^5 is in the middle between 10^4 at the left end and 10^6 at the right one.
        assertThat(points).matches("80\\.0,\\S+ 410\\.0,\\S+ 740\\.0,\\S+");
    }

    @Test
    void logarithmicAxisRefusesZero() {
        Curve curve = Curve.of("c", "x", "y").withLogY().with("ours", List.of(new Point(1, 0)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LineChart.of(curve, outcome))
                .withMessageContaining("logarithmic");
    }

    @Test
    void flatAndEmptyCurvesAreDrawnToo() throws Exception {
        parsed(LineChart.of(
                Curve.of("flat", "x", "y").with("ours", List.of(new Point(0, 0), new Point(1, 0))), outcome));
        parsed(LineChart.of(Curve.of("empty", "x", "y").withLogX(), outcome));
    }

    private static Document parsed(String svg) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }
}
