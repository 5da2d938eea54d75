package io.farandole.banks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the guide to participants shows is what the banks run. */
class ParticipantsGuideTest {

    private static final Path GUIDE = Path.of("..", "docs", "guide", "participants.md");
    private static final Path SOURCES = Path.of("src", "main", "java", "io", "farandole", "banks");
    private static final Pattern SNIPPET = Pattern.compile("<!-- (\\S+) -->\\n```java\\n(.*?)```", Pattern.DOTALL);

    @Test
    void showsTheCodeThatRuns() throws IOException {
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
    void namesEveryBehaviour() throws IOException {
        String guide = Files.readString(GUIDE);
        for (Behaviour behaviour : Behaviour.values()) {
            if (behaviour != Behaviour.FINE) {
                assertThat(guide).contains("`" + behaviour.prefix() + "`");
            }
        }
    }
}
