package io.farandole.cli;

import io.farandole.cli.ExchangeDifference.Kind;
import io.farandole.cli.Witness.Overview;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Whether the contexts agree. */
@Command(
        name = "reconcile",
        mixinStandardHelpOptions = true,
        description = {
            "Compares what each context has published with what its followers have received, and the books that contexts keep of the same"
                    + " things, and names every difference.",
            "All contexts that the environment knows are asked. Exit code 1 if they do not agree, 3 if one of them did not answer."
        })
final class ReconcileCommand implements Callable<Integer> {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Surroundings surroundings;

    @Mixin
    private final Services services;

    @Mixin
    private final Output output;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description =
                    "What was published then or later, such as 2026-03-01T10:00:00Z; by default, what was published since the follower's"
                            + " first event of each type.")
    private @Nullable String from;

    @Option(
            names = "--within",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "What is younger may still be on its way; default ${DEFAULT-VALUE}.")
    private int within;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description =
                    "Names about so many differences for each pair, and counts the rest; default ${DEFAULT-VALUE}.")
    private int limit;

    ReconcileCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.services = new Services(surroundings);
        this.output = new Output(surroundings);
    }

    /** A context that gave no answer. */
    record Missing(String context, String reason) {}

    /** All that was compared. */
    record Report(
            List<String> contexts,
            List<Missing> missing,
            List<PairReport> pairs,
            List<ExchangeDifference> unsent,
            List<BooksReport> books) {

        boolean agrees() {
            return unsent.isEmpty()
                    && pairs.stream().allMatch(PairReport::agrees)
                    && books.stream().allMatch(BooksReport::agrees);
        }
    }

    @Override
    public Integer call() {
        if (within < 0 || limit < 1) {
            throw EndedException.usage("--within is 0 or more, --limit 1 or more.");
        }
        List<Service> asked = services.asked();
        if (asked.size() < 2) {
            throw EndedException.usage(
                    "There is nothing to compare with one context: set FARANDOLE_<CONTEXT>_URL for each of them.");
        }
        Report report = compare(asked);
        output.print(JSON.valueToTree(report), out -> print(report, out));
        if (!report.agrees()) {
            return ExitCode.REFUSED;
        }
        return report.missing().isEmpty() ? ExitCode.DONE : ExitCode.NOT_REACHED;
    }

    private Report compare(List<Service> asked) {
        List<Witness> witnesses = new ArrayList<>();
        asked.forEach(service -> witnesses.add(new WitnessOverHttp(service)));
        Map<String, Overview> told = new TreeMap<>();
        List<Missing> missing = new ArrayList<>();
        witnesses.forEach(
                witness -> attempt(missing, witness.context(), () -> told.put(witness.context(), witness.overview())));
        List<ExchangeDifference> unsent = new ArrayList<>();
        List<PairReport> pairs = new ArrayList<>();
        Map<String, Witness> byName = new LinkedHashMap<>();
        witnesses.stream().filter(it -> told.containsKey(it.context())).forEach(it -> byName.put(it.context(), it));
        told.forEach((context, overview) -> {
            unsent(overview, unsent);
            TreeSet<String> followers = new TreeSet<>();
            overview.publishes().values().forEach(followers::addAll);
            Witness producer = byName.get(context);
            for (String follower : followers) {
                Witness other = byName.get(follower);
                if (producer != null && other != null) {
                    attempt(
                            missing,
                            other.context(),
                            () -> pairs.add(new PairComparison(producer, overview, other, rules(producer)).compare()));
                } else if (missing.stream().noneMatch(it -> it.context().equals(follower))) {
                    missing.add(new Missing(
                            follower,
                            "follows " + context
                                    + " and is not known here: set FARANDOLE_<CONTEXT>_URL to its service's address"));
                }
            }
        });
        return new Report(List.copyOf(told.keySet()), missing, pairs, unsent, books(asked, told, missing));
    }

    private List<BooksReport> books(List<Service> asked, Map<String, Overview> told, List<Missing> missing) {
        Map<BookKeeper, Set<String>> keepers = new LinkedHashMap<>();
        asked.stream().filter(service -> told.containsKey(service.name())).forEach(service -> {
            BookKeeper keeper = new BooksOverHttp(service);
            attempt(missing, keeper.context(), () -> keepers.put(keeper, keeper.accounts()));
        });
        List<BooksReport> books = new ArrayList<>();
        List<BookKeeper> all = new ArrayList<>(keepers.keySet());
        for (int i = 0; i < all.size(); i++) {
            for (BookKeeper other : all.subList(i + 1, all.size())) {
                BookKeeper one = all.get(i);
                Set<String> both = new TreeSet<>(keepers.getOrDefault(one, Set.of()));
                both.retainAll(keepers.getOrDefault(other, Set.of()));
                if (!both.isEmpty()) {
                    Instant now = surroundings.clock().instant();
                    attempt(
                            missing,
                            other.context(),
                            () -> books.add(new BooksComparison(one, other, both, rules(null), () -> now).compare()));
                }
            }
        }
        return books;
    }

    private void attempt(List<Missing> missing, String context, Runnable question) {
        try {
            question.run();
        } catch (EndedException e) {
            if (e.exitCode() == ExitCode.USAGE) {
                throw e;
            }
            missing.add(new Missing(context, String.valueOf(e.getMessage())));
            surroundings.err().println("farandole: " + Text.line(String.valueOf(e.getMessage())));
            surroundings.err().flush();
        }
    }

    private PairComparison.Rules rules(@Nullable Witness producer) {
        return new PairComparison.Rules(
                from == null || producer == null ? null : producer.positionAt(from),
                Duration.ofSeconds(within),
                limit,
                () -> LockSupport.parkNanos(Duration.ofSeconds(2).toNanos()));
    }

    private void unsent(Overview overview, List<ExchangeDifference> unsent) {
        if (overview.waitingSince() != null
                && Duration.between(overview.waitingSince(), overview.now()).toSeconds() >= within
                && overview.waiting() > 0) {
            unsent.add(ExchangeDifference.of(
                    Kind.UNSENT,
                    overview.context() + " has committed " + overview.waiting() + " events for others, the first at "
                            + overview.waitingSince() + ", that the broker has not confirmed"));
        }
    }

    private static void print(Report report, PrintWriter out) {
        report.pairs().forEach(pair -> print(pair, out));
        report.unsent().forEach(difference -> print(difference, out));
        report.books().forEach(books -> print(books, out));
        report.missing()
                .forEach(it -> out.println("MISSING ANSWER: " + it.context() + ": " + Text.line(it.reason())
                        + " What it published or received is not compared."));
        TreeSet<Kind> kinds = new TreeSet<>();
        report.unsent().forEach(it -> kinds.add(it.kind()));
        report.pairs().forEach(pair -> pair.differences().forEach(it -> kinds.add(it.kind())));
        if (!kinds.isEmpty()) {
            out.println();
            out.println("What to do:");
            kinds.forEach(kind -> out.println("  " + kind + ": " + kind.remedy() + "."));
        }
        long differences = report.unsent().size()
                + report.pairs().stream()
                        .mapToLong(pair -> pair.differences().size())
                        .sum()
                + report.books().stream()
                        .mapToLong(books -> books.differences().size())
                        .sum();
        out.println();
        out.println(
                report.agrees()
                        ? "The contexts agree" + (report.missing().isEmpty() ? "." : ", as far as they answered.")
                        : differences + " difference" + (differences == 1 ? "" : "s") + ".");
    }

    private static void print(BooksReport books, PrintWriter out) {
        StringBuilder line = new StringBuilder("books of " + books.one() + " and " + books.other() + " ("
                + String.join(", ", new TreeSet<>(books.accounts())) + "): " + books.statements()
                + " statements compared, "
                + (books.agrees() ? "all the same" : books.differences().size() + " different"));
        if (books.open() > 0) {
            line.append("; ").append(books.open()).append(" entries have not come to rest");
        }
        if (books.more() > 0) {
            line.append("; ").append(books.more()).append(" more parts differ (--limit)");
        }
        out.println(line);
        books.differences()
                .forEach(it -> out.println("  " + Text.line(it.entry()) + ": " + Text.line(it.account()) + ": "
                        + books.one() + " says " + it.said() + ", " + books.other() + " says " + it.otherSaid() + "."));
    }

    private static void print(PairReport pair, PrintWriter out) {
        StringBuilder line = new StringBuilder(pair.producer() + " -> " + pair.follower() + ": " + pair.events()
                + " events compared, "
                + (pair.agrees() ? "all as published" : pair.differences().size() + " different"));
        if (pair.underway() > 0) {
            line.append("; ").append(pair.underway()).append(" on their way");
        }
        if (pair.before() > 0) {
            line.append("; ").append(pair.before()).append(" before the follower's first one, not compared (--from)");
        }
        if (pair.more() > 0) {
            line.append("; ").append(pair.more()).append(" more ranges differ (--limit)");
        }
        out.println(line);
        pair.differences().forEach(difference -> print(difference, out));
    }

    private static void print(ExchangeDifference difference, PrintWriter out) {
        StringBuilder line = new StringBuilder("  " + difference.kind());
        if (difference.eventId() != null) {
            line.append(" #")
                    .append(difference.position())
                    .append(' ')
                    .append(Text.line(String.valueOf(difference.type())))
                    .append(", process ")
                    .append(Text.line(String.valueOf(difference.processKey())))
                    .append(", event ")
                    .append(Text.line(difference.eventId()));
        }
        out.println(line + ": " + Text.line(difference.detail()) + ".");
    }
}
