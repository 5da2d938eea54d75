package io.farandole.cli;

import io.farandole.cli.BookKeeper.Part;
import io.farandole.cli.BookKeeper.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Compares the books of two contexts in the accounts that both keep: digests of parts of the entries, then what stands in the parts that differ.
 * What differs is asked for again before it is named, and judged only when nothing has changed for a while and all processes of the entry have ended
 * in both contexts.
 */
final class BooksComparison {

    private static final int AT_ONCE = 16;

    private final BookKeeper one;
    private final BookKeeper other;
    private final Set<String> accounts;
    private final PairComparison.Rules rules;
    private final Supplier<Instant> now;
    private final List<BooksReport.Difference> differences = new ArrayList<>();
    private final Set<String> open = new LinkedHashSet<>();
    private int more;

    BooksComparison(
            BookKeeper one, BookKeeper other, Set<String> accounts, PairComparison.Rules rules, Supplier<Instant> now) {
        this.one = one;
        this.other = other;
        this.accounts = accounts;
        this.rules = rules;
        this.now = now;
    }

    BooksReport compare() {
        List<Part> told = one.digests(accounts);
        Map<Integer, Part> parts = byNumber(told);
        Map<Integer, Part> otherParts = byNumber(other.digests(accounts));
        Set<Integer> numbers = new TreeSet<>(parts.keySet());
        numbers.addAll(otherParts.keySet());
        List<Integer> different = numbers.stream()
                .filter(number -> !equal(parts.get(number), otherParts.get(number)))
                .toList();
        for (int begin = 0; begin < different.size(); begin += AT_ONCE) {
            List<Integer> some = different.subList(begin, Math.min(different.size(), begin + AT_ONCE));
            if (differences.size() >= rules.most()) {
                more += some.size();
            } else {
                lookInto(some);
            }
        }
        return new BooksReport(
                one.context(),
                other.context(),
                accounts,
                told.stream().mapToLong(Part::statements).sum(),
                open.size(),
                more,
                differences);
    }

    private static boolean equal(@Nullable Part one, @Nullable Part other) {
        return one != null && one.equals(other);
    }

    private static Map<Integer, Part> byNumber(List<Part> parts) {
        Map<Integer, Part> byNumber = new HashMap<>();
        parts.forEach(part -> byNumber.put(part.part(), part));
        return byNumber;
    }

    private void lookInto(List<Integer> parts) {
        if (different(one.statements(accounts, parts), other.statements(accounts, parts))
                .isEmpty()) {
            return;
        }
        rules.patience().run();
        List<Statement> said = one.statements(accounts, parts);
        List<Statement> otherSaid = other.statements(accounts, parts);
        different(said, otherSaid).forEach(difference -> {
            if (isSettled(difference.entry(), said, otherSaid)) {
                differences.add(difference);
            } else {
                open.add(difference.entry());
            }
        });
    }

    private static List<BooksReport.Difference> different(List<Statement> said, List<Statement> otherSaid) {
        Map<String, Map<String, long[]>> amounts = new TreeMap<>();
        add(amounts, said, 0);
        add(amounts, otherSaid, 1);
        List<BooksReport.Difference> different = new ArrayList<>();
        amounts.forEach((entry, byAccount) -> byAccount.forEach((account, pair) -> {
            if (pair[0] != pair[1]) {
                different.add(new BooksReport.Difference(entry, account, pair[0], pair[1]));
            }
        }));
        return different;
    }

    private static void add(Map<String, Map<String, long[]>> amounts, List<Statement> statements, int side) {
        for (Statement statement : statements) {
            amounts.computeIfAbsent(statement.entry(), entry -> new TreeMap<>())
                            .computeIfAbsent(statement.account(), account -> new long[2])[side] +=
                    statement.amount();
        }
    }

    private boolean isSettled(String entry, List<Statement> said, List<Statement> otherSaid) {
        Set<String> processes = new TreeSet<>();
        Instant youngest = Instant.MIN;
        for (List<Statement> statements : List.of(said, otherSaid)) {
            for (Statement statement : statements) {
                if (statement.entry().equals(entry)) {
                    processes.addAll(statement.processes());
                    youngest = statement.at().isAfter(youngest) ? statement.at() : youngest;
                }
            }
        }
        processes.add(entry);
        return youngest.isBefore(now.get().minus(rules.within()))
                && processes.stream().noneMatch(process -> one.isOpen(process) || other.isOpen(process));
    }
}
