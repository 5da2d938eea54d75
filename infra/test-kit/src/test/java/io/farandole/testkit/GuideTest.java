package io.farandole.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the guide shows is what is compiled and run here. */
class GuideTest {

    private static final Path GUIDE = Path.of("..", "docs", "guide");
    private static final Path SOURCES = Path.of("src", "test", "java", "io", "farandole", "testkit");
    private static final Pattern SNIPPET = Pattern.compile("<!-- (\\S+) -->\\n```java\\n(.*?)```", Pattern.DOTALL);

    @ParameterizedTest
    @CsvSource({"write-your-own-context.md, 4", "taking-part.md, 2", "testing.md, 4"})
    void showsTheCodeThatIsTested(String page, int expected) throws IOException {
        Matcher snippets = SNIPPET.matcher(Files.readString(GUIDE.resolve(page)));
        int found = 0;
        while (snippets.find()) {
            found++;
            assertThat(Files.readString(SOURCES.resolve(snippets.group(1))))
                    .as(snippets.group(1))
                    .contains(snippets.group(2));
        }
        assertThat(found).isEqualTo(expected);
    }
}
