package io.farandole.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BooksComparisonTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Set<String> PAID = Set.of("paid");

    private final Remembered order = new Remembered("order");
    private final Remembered payment = new Remembered("payment");
    private final List<Runnable> meanwhile = new ArrayList<>();

    @Test
    void booksThatAreEqualAreComparedByDigestsAlone() {
        for (int i = 0; i < 1_000; i++) {
            order.states("o-" + i, "paid EUR", i + 1, 600);
            payment.states("o-" + i, "paid EUR", i + 1, 600);
        }
        BooksReport report = compare();
        assertThat(report.agrees()).isTrue();
        assertThat(report.statements()).isEqualTo(1_000);
        assertThat(order.asked + payment.asked).isZero();
    }

    @Test
    void bothFiguresOfWhatDiffersAreNamed() {
        order.states("o-1", "paid EUR", 500, 600);
        payment.states("o-1", "paid EUR", 500, 600);
        order.states("o-2", "paid EUR", 700, 600);
        payment.states("o-3", "paid USD", 900, 600);
        order.states("o-4", "paid EUR", 1, 600);
        payment.states("o-4", "paid EUR", 2, 600);
        assertThat(compare().differences())
                .containsExactlyInAnyOrder(
                        new BooksReport.Difference("o-2", "paid EUR", 700, 0),
                        new BooksReport.Difference("o-3", "paid USD", 0, 900),
                        new BooksReport.Difference("o-4", "paid EUR", 1, 2));
    }

    @Test
    void whatHasNotComeToRestIsCountedAndNotJudged() {
        order.states("young", "paid EUR", 1, 59);
        order.states("open", "paid EUR", 1, 600);
        payment.open.add("open");
        order.states("returned", "paid EUR", 0, 600, "return-7");
        payment.states("returned", "paid EUR", 5, 3_600);
        order.open.add("return-7");
        BooksReport report = compare();
        assertThat(report.agrees()).isTrue();
        assertThat(report.open()).isEqualTo(3);
    }

    @Test
    void whatIsPutRightMeanwhileIsNoDifference() {
        order.states("o-1", "paid EUR", 1, 600);
        meanwhile.add(() -> payment.states("o-1", "paid EUR", 1, 600));
        BooksReport report = compare();
        assertThat(report.agrees()).isTrue();
        assertThat(report.open()).isZero();
    }

    private BooksReport compare() {
        PairComparison.Rules rules =
                new PairComparison.Rules(null, Duration.ofSeconds(60), 100, () -> meanwhile.forEach(Runnable::run));
        return new BooksComparison(order, payment, PAID, rules, () -> NOW).compare();
    }

    /** Books in memory. */
    private static final class Remembered implements BookKeeper {

        private final String context;
        private final List<Statement> statements = new ArrayList<>();
        private final Set<String> open = new HashSet<>();
        private int asked;

        Remembered(String context) {
            this.context = context;
        }

        void states(String entry, String account, long amount, long secondsAgo) {
            states(entry, account, amount, secondsAgo, entry);
        }

        void states(String entry, String account, long amount, long secondsAgo, String process) {
            statements.add(new Statement(entry, account, amount, NOW.minusSeconds(secondsAgo), List.of(process)));
        }

        @Override
        public String context() {
            return context;
        }

        @Override
        public Set<String> accounts() {
            return PAID;
        }

        @Override
        public List<Part> digests(Set<String> kinds) {
            Map<Integer, List<Statement>> byPart = new TreeMap<>();
            statements.stream().filter(it -> it.amount() != 0).forEach(it -> byPart.computeIfAbsent(
                            part(it), key -> new ArrayList<>())
                    .add(it));
            List<Part> parts = new ArrayList<>();
            byPart.forEach((part, some) -> parts.add(new Part(
                    part,
                    some.size(),
                    Long.toString(some.stream()
                            .mapToLong(it -> (it.entry() + it.account() + it.amount()).hashCode())
                            .sum()))));
            return parts;
        }

        @Override
        public List<Statement> statements(Set<String> kinds, List<Integer> parts) {
            asked++;
            return statements.stream().filter(it -> parts.contains(part(it))).toList();
        }

        @Override
        public boolean isOpen(String processKey) {
            return open.contains(processKey);
        }

        private static int part(Statement statement) {
            return Math.floorMod(statement.entry().hashCode(), 1_024);
        }
    }
}
