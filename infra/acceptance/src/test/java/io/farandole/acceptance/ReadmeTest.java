package io.farandole.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A guarantee that no test shows is none. */
class ReadmeTest {

    private static final Path ROOT = Path.of("..", "..");
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:IT|Test))`");

    @Test
    void eachGuaranteeNamesTestsThatExist() throws IOException {
        assertNamesTests(rows(ROOT.resolve("README.md"), "## Guarantees"));
    }

    @Test
    void eachPatternNamesTestsThatExist() throws IOException {
        assertNamesTests(rows(ROOT.resolve("infra/docs/guide/patterns.md"), "## The rows"));
    }

    private static void assertNamesTests(List<String> rows) throws IOException {
        Set<String> there = tests();
        assertThat(rows).hasSizeGreaterThan(8);
        assertThat(rows).allSatisfy(row -> {
            List<String> named =
                    TEST.matcher(row).results().map(found -> found.group(1)).toList();
            assertThat(named).as(row).isNotEmpty();
            assertThat(there).as(row).containsAll(named);
        });
    }

    /** The rows of the first table under the heading. */
    private static List<String> rows(Path page, String heading) throws IOException {
        return Files.readAllLines(page).stream()
                .dropWhile(line -> !line.equals(heading))
                .dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|"))
                .skip(2)
                .toList();
    }

    private static Set<String> tests() throws IOException {
        try (Stream<Path> files =
                Files.find(ROOT, 20, (path, attributes) -> path.toString().endsWith(".java") && isTestSource(path))) {
            return files.map(path -> path.getFileName().toString().replace(".java", ""))
                    .collect(Collectors.toSet());
        }
    }

    private static boolean isTestSource(Path path) {
        return path.toString().contains("src/test/java");
    }
}
