package io.farandole.acceptance;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The dependency table of the README, as rules. */
class WhoMayDependOnWhomTest {

    private static final List<String> FRAMEWORK = List.of(
            "messaging",
            "rabbitmq",
            "event-store",
            "axon",
            "saga",
            "verifier",
            "audit",
            "spring-boot",
            "asyncapi",
            "participant",
            "test-servers",
            "test-kit",
            "cli");
    private static final List<String> CONTEXTS = List.of("order", "stock", "payment");
    private static final String[] JDK = {"java..", "javax.sql..", "javax.net.."};

    private static JavaClasses everything;

    @BeforeAll
    static void importsTheCompiledModules() {
        Path root = Path.of("..", "..").toAbsolutePath().normalize();
        List<Path> modules = Stream.of(
                        FRAMEWORK.stream().map(module -> root.resolve("infra").resolve(module)),
                        CONTEXTS.stream().map(context -> root.resolve(context + "-context")),
                        Stream.of(root.resolve("shared-kernel")))
                .flatMap(paths -> paths)
                .map(module -> module.resolve("target/classes"))
                .filter(Files::isDirectory)
                .toList();
        assertThat(modules).as("compiled modules").hasSizeGreaterThanOrEqualTo(10);
        everything = new ClassFileImporter().importPaths(modules);
    }

    @Test
    void sharedKernelUsesTheJdkOnly() {
        classes()
                .that()
                .resideInAPackage("io.farandole.shop.kernel..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.farandole.shop.kernel..", "java..", "org.jspecify..")
                .because("the published language must outlive every framework: records, and nothing else")
                .check(everything);
    }

    @Test
    void messagingKnowsNeitherAxonNorSpring() {
        classes()
                .that()
                .resideInAPackage("io.farandole.messaging..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(with(
                        JDK,
                        "io.farandole.messaging..",
                        "org.jspecify..",
                        "org.slf4j..",
                        "tools.jackson..",
                        "com.fasterxml.jackson.annotation..",
                        "io.micrometer.observation.."))
                .because("envelope and ports are what survives a change of framework on either side")
                .check(everything);
    }

    @Test
    void rabbitmqKnowsThePortsOnly() {
        classes()
                .that()
                .resideInAPackage("io.farandole.rabbitmq..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(with(
                        JDK,
                        "io.farandole.messaging..",
                        "io.farandole.rabbitmq..",
                        "com.rabbitmq..",
                        "org.springframework.amqp..",
                        "org.jspecify..",
                        "org.slf4j..",
                        "tools.jackson.."))
                .because("the transport must not depend on Axon, whose future is uncertain, nor on a store")
                .check(everything);
    }

    @Test
    void onlyRabbitmqSpeaksAmqp() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.farandole.messaging..",
                        "io.farandole.eventstore..",
                        "io.farandole.axon..",
                        "io.farandole.saga..",
                        "io.farandole.shop..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.rabbitmq..", "org.springframework.amqp..", "io.farandole.rabbitmq..")
                .because("contexts talk through their journals; one module talks to the broker")
                .check(everything);
    }

    @Test
    void eventStoreKnowsNoModuleAboveIt() {
        noClasses()
                .that()
                .resideInAPackage("io.farandole.eventstore..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.farandole.axon..",
                        "io.farandole.saga..",
                        "io.farandole.audit..",
                        "io.farandole.boot..",
                        "org.axonframework.modelling..",
                        "org.axonframework.config..",
                        "org.springframework.boot..")
                .because("the journal is the floor that processors and sagas stand on")
                .check(everything);
    }

    @Test
    void axonKnowsNoModuleAboveIt() {
        noClasses()
                .that()
                .resideInAPackage("io.farandole.axon..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.farandole.saga..",
                        "io.farandole.audit..",
                        "io.farandole.boot..",
                        "org.springframework.boot..")
                .because("sagas build on processors, not the other way round")
                .check(everything);
    }

    @Test
    void sagaKnowsNoModuleAboveIt() {
        noClasses()
                .that()
                .resideInAPackage("io.farandole.saga..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.farandole.audit..", "io.farandole.boot..", "org.springframework.boot..")
                .because("sagas work with any wiring; Spring Boot is one of them")
                .check(everything);
    }

    @Test
    void theVerifierUsesTheDriverAndAParserOnly() {
        classes()
                .that()
                .resideInAPackage("io.farandole.verifier..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(with(
                        JDK, "io.farandole.verifier..", "org.postgresql..", "tools.jackson.core..", "org.jspecify.."))
                .because("an auditor reads it in an afternoon, and need not trust what it judges")
                .check(everything);
    }

    @Test
    void auditKnowsNoModuleAboveIt() {
        noClasses()
                .that()
                .resideInAPackage("io.farandole.audit..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.farandole.boot..", "org.springframework.boot..", "io.farandole.rabbitmq..")
                .because("history is asked with any wiring, and whoever asks it has no way to send")
                .check(everything);
    }

    @Test
    void theCommandLineSpeaksHttpAndHoldsTheVerifier() {
        classes()
                .that()
                .resideInAPackage("io.farandole.cli..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(with(
                        JDK,
                        "javax.crypto..",
                        "io.farandole.cli..",
                        "io.farandole.verifier..",
                        "picocli..",
                        "tools.jackson..",
                        "org.jspecify.."))
                .because(
                        "an operator's tool must work with services of another version, and without their libraries; the"
                                + " verifier is itself without them, and asks the database because services may have been altered too")
                .check(everything);
    }

    @Test
    void aParticipantNeedsNeitherAxonNorABroker() {
        classes()
                .that()
                .resideInAPackage("io.farandole.participant..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(with(
                        JDK,
                        "io.farandole.participant..",
                        "org.springframework.dao..",
                        "org.springframework.jdbc..",
                        "org.springframework.transaction..",
                        "jakarta.servlet..",
                        "io.grpc..",
                        "com.google.protobuf..",
                        "com.google.common.util.concurrent..",
                        "org.jspecify..",
                        "org.slf4j.."))
                .because("it is put into services that exist already, beside whatever they have")
                .check(everything);
    }

    @Test
    void theContractIsMadeOfDeclarationsAlone() {
        noClasses()
                .that()
                .resideInAPackage("io.farandole.asyncapi..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.farandole.eventstore..",
                        "io.farandole.axon..",
                        "io.farandole.saga..",
                        "io.farandole.audit..",
                        "org.axonframework..",
                        "org.springframework.jdbc..")
                .because("it tells what may be said over the broker, and nothing of what was")
                .check(everything);
        noClasses()
                .that()
                .resideOutsideOfPackage("io.farandole.asyncapi..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.github.victools..")
                .because("schemas are written where contracts are")
                .check(everything);
    }

    @Test
    void onlyTheEndpointsForOperationsKnowPasswords() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.farandole.boot.operations..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework.security..")
                .because("who is let in is decided in one place")
                .check(everything);
    }

    @ParameterizedTest
    @ValueSource(strings = {"order", "stock", "payment"})
    void aContextNeverUsesAnother(String context) {
        String[] others = CONTEXTS.stream()
                .filter(other -> !other.equals(context))
                .map(other -> "io.farandole.shop." + other + "..")
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage("io.farandole.shop." + context + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .because("contexts share the published language and nothing else")
                .check(everything);
    }

    @Test
    void contextsDoNotReachIntoTheStore() {
        noClasses()
                .that()
                .resideInAPackage("io.farandole.shop..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.farandole.eventstore..")
                .because("a context writes by commands and reads by projections")
                .check(everything);
    }

    @Test
    void publishingIsPure() {
        noClasses()
                .that()
                .resideInAPackage("io.farandole.shop.*.publishing..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "jakarta.persistence..", "org.axonframework..", "java.time..")
                .because("translators run in the command's transaction: pure functions, no clock, no I/O")
                .check(everything);
    }

    private static String[] with(String[] some, String... more) {
        return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
    }
}
