package io.farandole.testservers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ServicesScriptTest {

    @Test
    void carriesEveryFileOfTheScript() throws IOException {
        Path infra = Objects.requireNonNull(ServicesScript.checkout()).resolve("infra");
        List<String> present;
        try (Stream<Path> lib = Files.walk(infra.resolve("deploy/lib"));
                Stream<Path> postgres = Files.walk(infra.resolve("deploy/postgres"));
                Stream<Path> rabbit = Files.walk(infra.resolve("deploy/rabbitmq"))) {
            present = Stream.of(lib, postgres, rabbit)
                    .flatMap(files -> files)
                    .filter(Files::isRegularFile)
                    .map(file -> infra.relativize(file).toString())
                    .sorted()
                    .toList();
        }
        assertThat(ServicesScript.FILES).containsAll(present);
        Path extracted = ServicesScript.extract();
        for (String name : ServicesScript.FILES) {
            assertThat(extracted.resolveSibling(name)).hasSameTextualContentAs(infra.resolve(name));
        }
    }

    @Test
    void takesTheServerThatTheEnvironmentNames() {
        assertThat(Address.postgres(Map.of(), "environment")).isNull();
        assertThat(Address.postgres(
                        Map.of(
                                "FARANDOLE_POSTGRES_HOST", "db",
                                "FARANDOLE_POSTGRES_PORT", "5433",
                                "FARANDOLE_POSTGRES_ADMIN_USER", "root",
                                "FARANDOLE_POSTGRES_ADMIN_PASSWORD", "secret"),
                        "environment"))
                .isEqualTo(new Address("db", 5433, "root", "secret", "http://db:15672", "environment"));
        assertThat(Address.rabbit(
                        Map.of(
                                "FARANDOLE_RABBITMQ_URL",
                                "amqp://root:s%40cret+@mq",
                                "FARANDOLE_RABBITMQ_MANAGEMENT_URL",
                                "http://ui/"),
                        "environment"))
                .isEqualTo(new Address("mq", 5672, "root", "s@cret+", "http://ui", "environment"));
    }
}
