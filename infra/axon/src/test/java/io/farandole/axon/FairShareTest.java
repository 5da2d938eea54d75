package io.farandole.axon;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.axon.FairShare.Owned;
import io.farandole.axon.InstanceTable.Other;
import io.farandole.axon.InstanceTable.Sight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FairShareTest {

    private static final Set<String> BOTH = Set.of("p", "q");

    @Test
    void whoIsAloneKeepsEverything() {
        assertThat(FairShare.toGive(owned("p", 4), new Sight(4, List.of()))).isEmpty();
    }

    @Test
    void halfGoesToTheSecondInstance() {
        List<Owned> held = owned("p", 4);
        held.addAll(owned("q", 2));
        List<Owned> given = FairShare.toGive(held, new Sight(6, List.of(new Other(BOTH, 0))));
        assertThat(given).extracting(Owned::processor).containsExactly("p", "p", "q");
    }

    @Test
    void whatIsOnItsWayIsNotGivenTwice() {
        assertThat(FairShare.toGive(owned("p", 3), new Sight(6, List.of(new Other(BOTH, 0)))))
                .isEmpty();
    }

    @Test
    void oneMoreIsGivenWhereAnotherHasTwoFewer() {
        Sight sight = new Sight(4, List.of(new Other(BOTH, 2), new Other(BOTH, 0)));
        assertThat(FairShare.toGive(owned("p", 2), sight)).hasSize(1);
    }

    @Test
    void nothingIsGivenToInstancesThatDoNotRunTheProcessor() {
        Sight sight = new Sight(4, List.of(new Other(Set.of("q"), 0)));
        assertThat(FairShare.toGive(owned("p", 4), sight)).isEmpty();
    }

    /** Each looks at its own moment, and what one has released is taken by anyone who may, some time later. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void whoeverLooksAndTakesWhenTheSharesBecomeEvenAndStaySo(long seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            int instances = 1 + random.nextInt(5);
            int segments = 1 + random.nextInt(12);
            Simulation simulation = new Simulation(instances, segments, random);
            for (int step = 0; step < 5_000 && !simulation.isEven(); step++) {
                simulation.step();
            }
            assertThat(simulation.isEven())
                    .as("seed %s: %s segments over %s instances: %s", seed, segments, instances, simulation)
                    .isTrue();
            simulation.everybodyTells();
            List<Integer> before = simulation.counts();
            for (int step = 0; step < 200; step++) {
                simulation.step();
            }
            assertThat(simulation.counts()).isEqualTo(before);
        }
    }

    private static List<Owned> owned(String processor, int count) {
        List<Owned> owned = new ArrayList<>();
        for (int segment = 0; segment < count; segment++) {
            owned.add(new Owned(processor, segment));
        }
        return owned;
    }

    /** Instances that see what the others told when they last looked. */
    private static final class Simulation {

        private final Random random;
        private final int total;
        private final List<List<Owned>> held = new ArrayList<>();
        private final int[] told;

        /** Released ones, with who released them. */
        private final List<Owned> free = new ArrayList<>();

        private final List<Integer> by = new ArrayList<>();

        Simulation(int instances, int segments, Random random) {
            this.random = random;
            this.total = segments;
            this.told = new int[instances];
            for (int i = 0; i < instances; i++) {
                held.add(new ArrayList<>());
            }
            owned("p", segments).forEach(segment -> held.get(0).add(segment));
        }

        void step() {
            int who = random.nextInt(held.size());
            if (random.nextBoolean()) {
                look(who);
            } else {
                take(who);
            }
        }

        private void look(int who) {
            told[who] = held.get(who).size();
            List<Other> others = new ArrayList<>();
            for (int i = 0; i < told.length; i++) {
                if (i != who) {
                    others.add(new Other(Set.of("p"), told[i]));
                }
            }
            for (Owned given : FairShare.toGive(held.get(who), new Sight(total, others))) {
                held.get(who).remove(given);
                free.add(given);
                by.add(who);
            }
        }

        private void take(int who) {
            for (int i = free.size() - 1; i >= 0; i--) {
                if (by.get(i) != who) {
                    held.get(who).add(free.remove(i));
                    by.remove(i);
                }
            }
        }

        void everybodyTells() {
            for (int who = 0; who < held.size(); who++) {
                told[who] = held.get(who).size();
            }
        }

        List<Integer> counts() {
            return held.stream().map(List::size).toList();
        }

        /** Nothing is on its way, and nobody has two more than anybody else. */
        boolean isEven() {
            List<Integer> counts = counts();
            return free.isEmpty() && Collections.max(counts) - Collections.min(counts) <= 1;
        }

        @Override
        public String toString() {
            return counts() + ", told " + Arrays.toString(told) + ", free " + free;
        }
    }
}
