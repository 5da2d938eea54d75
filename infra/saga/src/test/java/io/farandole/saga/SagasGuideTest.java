package io.farandole.saga;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.saga.payroll.PayrollSaga;
import io.farandole.saga.step.StepPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the guide to sagas shows is what is compiled and run here. */
class SagasGuideTest {

    private static final Path GUIDE = Path.of("..", "docs", "guide", "sagas.md");
    private static final Path SOURCES = Path.of("src", "test", "java", "io", "farandole", "saga");
    private static final Pattern SNIPPET = Pattern.compile("<!-- (\\S+) -->\\n```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern DRAWING = Pattern.compile("```mermaid\\n(.*?)```", Pattern.DOTALL);

    @Test
    void showsTheCodeThatIsTested() throws IOException {
        Matcher snippets = SNIPPET.matcher(Files.readString(GUIDE));
        int found = 0;
        while (snippets.find()) {
            found++;
            assertThat(Files.readString(SOURCES.resolve(snippets.group(1))))
                    .as(snippets.group(1))
                    .contains(snippets.group(2));
        }
        assertThat(found).isEqualTo(2);
    }

    @Test
    void showsTheDrawingOfThatCode() throws IOException {
        Matcher drawing = DRAWING.matcher(Files.readString(GUIDE));
        assertThat(drawing.find()).isTrue();
        StepPlan plan = StepPlan.of(
                PayrollSaga.class,
                "Payroll",
                event -> true,
                Set.of(),
                text -> text.replace("${payroll.funds-limit}", "30 s"));
        String all = plan.mermaid();
        assertThat(all).startsWith(drawing.group(1));
    }
}
