package io.farandole.acceptance.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.acceptance.shop.Customers;
import io.farandole.acceptance.shop.RunningShop;
import io.farandole.acceptance.shop.Settling;
import io.farandole.messaging.failpoint.Failpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Services die at the {@link Failpoint}s that they pass in a {@link Story}, and are started again, while customers go on
 * ordering. Afterwards every accepted order has ended, and the checker finds nothing wrong.
 *
 * <p>A service that does not come by the place where it is to die within four minutes, or ends in another way, fails the test: so the code's
 * list of crash points and what was tried are the same. Every build tries some of them, as a seed says, which is another one in each build and is
 * named in the test's name and in the log; {@code -Dfarandole.acceptance.seed=4711} repeats one, {@code -Dfarandole.acceptance.runs=20} makes
 * as many runs with seeds that follow it. {@code infra/test --all} tries all.
 */
class EveryCrashPointIT {

    private static final Logger LOG = LoggerFactory.getLogger(EveryCrashPointIT.class);
    private static final List<Story> STORIES = List.of(Story.values());
    private static final int SAMPLE_OF_EACH_SERVICE = 2;
    private static final Duration SETTLED_WITHIN = Duration.ofMinutes(4);

    @TempDir
    private Path directory;

    @SuppressWarnings("NullAway.Init") // JUnit sets the directory before each test
    EveryCrashPointIT() {}

    static LongStream seeds() {
        long first = firstSeed();
        return LongStream.range(first, first + Integer.getInteger("farandole.acceptance.runs", 1));
    }

    private static long firstSeed() {
        return Long.getLong("farandole.acceptance.seed", System.nanoTime() & 0xffffff);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void nothingIsLostOrDoneTwiceWhereverServicesDie(long seed) throws Exception {
        Random random = new Random(seed);
        Story story = STORIES.get(random.nextInt(STORIES.size()));
        LOG.info("Seed {}: {}", seed, story);
        survives(story, story.crashes(random, SAMPLE_OF_EACH_SERVICE));
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource
    void servicesDieAtEveryPointOfEveryStory(Story story) throws Exception {
        long seed = firstSeed();
        LOG.info("Seed {}: {}", seed, story);
        Map<String, Set<Failpoint>> passed = survives(story, story.crashes(new Random(seed), Integer.MAX_VALUE));
        story.failpoints().forEach((service, failpoints) -> assertThat(passed.get(service))
                .as("passed by %s", service)
                .containsAll(failpoints));
    }

    /** By service, which failpoints it passed, those where it died included. */
    private Map<String, Set<Failpoint>> survives(Story story, Map<String, List<CrashPoint>> crashes) throws Exception {
        LOG.info("To die: {}", crashes);
        Map<String, Set<Failpoint>> passed = new HashMap<>();
        try (RunningShop shop = RunningShop.open(layout(story))) {
            Customers customers = new Customers(shop.address("order"));
            if (story == Story.OPERATED) {
                try (Person person = new Person(shop, new Poison(shop))) {
                    letDieWhileOrdersFlow(shop, customers, story, crashes);
                    person.heal();
                    Settling.awaitSettled(shop, customers.accepted(), SETTLED_WITHIN);
                    person.end();
                }
            } else {
                letDieWhileOrdersFlow(shop, customers, story, crashes);
                Settling.awaitSettled(shop, customers.accepted(), SETTLED_WITHIN);
            }
            for (String service : List.of("order", "stock", "payment")) {
                passed.put(service, files(service).passed());
            }
        }
        LOG.info("Passed: {}", passed);
        return passed;
    }

    private RunningShop.Layout layout(Story story) throws Exception {
        List<String> javaOptions = new ArrayList<>(RunningShop.Layout.QUICK.javaOptions());
        javaOptions.add(AgentJar.option(directory));
        return new RunningShop.Layout(javaOptions, url -> url, story.environment())
                .withSurroundings((instance, told) -> {
                    Map<String, String> all = new HashMap<>(told);
                    all.put(CrashFiles.PLACE, files(instance).place().toString());
                    return all;
                });
    }

    private CrashFiles files(String instance) {
        return new CrashFiles(directory.resolve(instance));
    }

    private void letDieWhileOrdersFlow(
            RunningShop shop, Customers customers, Story story, Map<String, List<CrashPoint>> crashes)
            throws Exception {
        try (Traffic traffic = new Traffic(shop, customers, story)) {
            letDie(shop, crashes);
            traffic.end();
            LOG.info("All have died; {} orders were accepted", customers.placed());
        }
    }

    /** All services at the same time, each where it is told to; returns when all have, or as soon as one does not. */
    private void letDie(RunningShop shop, Map<String, List<CrashPoint>> crashes) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(crashes.size());
        ExecutorCompletionService<Void> supervisors = new ExecutorCompletionService<>(pool);
        try {
            crashes.forEach((service, points) ->
                    supervisors.submit(new Supervisor(shop.service(service), files(service), points)));
            for (int i = 0; i < crashes.size(); i++) {
                supervisors.take().get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getMessage(), e);
        } finally {
            pool.shutdownNow();
        }
    }
}
