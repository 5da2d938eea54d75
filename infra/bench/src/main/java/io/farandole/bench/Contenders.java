package io.farandole.bench;

import io.farandole.bench.load.LoadResult;
import io.farandole.bench.load.Workload;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Everyone who takes part in a benchmark; counts whose orders are at which number, and checks books. Used by one thread. */
final class Contenders implements AutoCloseable {

    private static final double FASTER = 1.05;

    private static @Nullable Contenders shared;

    private final Workload workload;
    private final List<Contender> all = new ArrayList<>();
    private final Map<Contender, Long> next = new HashMap<>();
    private final Map<String, String> leftOut = new LinkedHashMap<>();
    private final Map<Contender, Double> saturated = new HashMap<>();
    private final Map<String, Integer> warmUps = new LinkedHashMap<>();

    /** A load that begins with that order. */
    interface Run {
        LoadResult from(long first) throws Exception;
    }

    private Contenders(Workload workload) {
        this.workload = workload;
    }

    /**
     * The raw program, ours as three services and, unless quick, in one JVM, and each peer that is built. Benchmarks that come one after the
     * other have the same ones: closing leaves them open until {@link #endShared}.
     */
    static Contenders open(Workload workload, Settings settings) throws Exception {
        // A benchmark of the services alone has left only those.
        if (shared != null && !shared.isWhole()) {
            endShared();
        }
        if (shared == null) {
            shared = start(workload, settings);
        }
        return shared;
    }

    /**
     * Ours as three services alone. When quick, those that the benchmark before has left open, with its orders in their journals,
     * and they are left open for the next; the other contenders are ended.
     *
     * @param environment variables for the services, where they are not shared
     */
    static Contenders openServices(Workload workload, Settings settings, Map<String, String> environment)
            throws Exception {
        if (!settings.quick()) {
            return servicesOnly(workload, settings, environment);
        }
        if (shared == null) {
            shared = servicesOnly(workload, settings, Map.of());
        }
        shared.endAllBut(shared.services());
        return shared;
    }

    private static Contenders servicesOnly(Workload workload, Settings settings, Map<String, String> environment)
            throws Exception {
        return ofServices(workload, ShopOnTheBench.uncounted(settings, environment));
    }

    /** Ours as three services alone, in this shop, which is closed with them. */
    static Contenders ofServices(Workload workload, ShopOnTheBench shop) throws Exception {
        Contenders contenders = new Contenders(workload);
        contenders.all.add(new ThreeServices(workload, shop));
        return contenders;
    }

    private boolean isWhole() {
        return !all.stream().allMatch(ThreeServices.class::isInstance);
    }

    private void endAllBut(Contender kept) {
        List<Contender> others =
                all.stream().filter(contender -> contender != kept).toList();
        all.removeAll(others);
        end(others);
    }

    /** Ours as three services. */
    ThreeServices services() {
        return all.stream()
                .filter(ThreeServices.class::isInstance)
                .map(ThreeServices.class::cast)
                .findFirst()
                .orElseThrow();
    }

    /** Ends those who have been left open for the next benchmark, if there are any. */
    static void endShared() {
        Contenders open = shared;
        shared = null;
        if (open != null) {
            open.close();
        }
    }

    private static Contenders start(Workload workload, Settings settings) throws Exception {
        Contenders contenders = new Contenders(workload);
        boolean open = false;
        try {
            List<Callable<Contender>> starts = new ArrayList<>(List.of(
                    () -> ContenderProcess.raw(workload, 64, settings), () -> new ThreeServices(workload, settings)));
            // Three more application contexts to start; every build has orders go through them (OneJvmIT).
            if (!settings.quick()) {
                starts.add(() -> new OneJvm(workload, settings));
            }
            contenders.startAtOnce(starts, settings);
            for (Path peer : ContenderProcess.peers()) {
                contenders.startAtOnce(List.of(() -> ContenderProcess.peer(peer, workload, settings)), settings);
            }
            open = true;
            return contenders;
        } finally {
            if (!open) {
                contenders.close();
            }
        }
    }

    /**
     * Starts these side by side, for much of a start is waiting, and adds them in this order. Should one not start, the others are
     * added all the same, to be closed.
     */
    private void startAtOnce(List<Callable<Contender>> starts, Settings settings) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(starts.size());
        Exception failure = null;
        try {
            for (Future<Contender> started : threads.invokeAll(starts)) {
                try {
                    all.add(started.get());
                    settings.say("%s is ready", started.get().name());
                } catch (ExecutionException e) {
                    if (failure != null) {
                        e.addSuppressed(failure);
                    }
                    failure = e;
                }
            }
        } finally {
            threads.shutdownNow();
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Those who take part now. */
    List<Contender> all() {
        return List.copyOf(all);
    }

    /** Runs a load and checks the books afterwards; a run with faults is void. */
    LoadResult checked(Contender contender, int orders, Run run) throws Exception {
        long first = next.getOrDefault(contender, 0L);
        LoadResult result = run.from(first);
        next.put(contender, first + orders);
        if (result.failed() > 0 || result.orders() != orders) {
            throw new VoidRunException(contender.name(), List.of(result.toString()));
        }
        VoidRunException.ifAny(contender.name(), contender.books().faults(workload, first + orders));
        return result;
    }

    /**
     * As {@link #checked}; but a peer whose run is void is ended and left out from now on, with what was wrong, for the others
     * need not suffer for it. Ours and the raw program are never left out.
     */
    Optional<LoadResult> checkedOrLeftOut(Contender contender, int orders, Run run) throws Exception {
        try {
            return Optional.of(checked(contender, orders, run));
        } catch (VoidRunException | IllegalStateException e) {
            if (!(contender instanceof ContenderProcess process) || !process.isPeer()) {
                throw e;
            }
            leftOut.put(contender.name(), String.valueOf(e.getMessage()));
            all.remove(contender);
            end(List.of(contender));
            return Optional.empty();
        }
    }

    /**
     * Has a contender carry out orders until it gets no faster: until two loads in a row have not been 5 % faster than the fastest
     * before. Java compiles for minutes what a service needs for an order, and a service is up for weeks.
     *
     * @param load how many orders a load has
     * @param most orders in all
     */
    void warm(Contender contender, int load, int most, int inFlight, Settings settings) throws Exception {
        double best = 0;
        int notFaster = 0;
        int done = 0;
        while (done < most && notFaster < 2) {
            Optional<LoadResult> result =
                    checkedOrLeftOut(contender, load, first -> contender.saturate(first, load, inFlight));
            if (result.isEmpty()) {
                return;
            }
            done += load;
            double rate = result.get().perSecond();
            notFaster = rate > best * FASTER ? 0 : notFaster + 1;
            best = Math.max(best, rate);
            settings.say("warming up %-18s %6d orders, %8.0f orders/s", contender.name(), done, rate);
        }
        warmUps.put(contender.name(), done);
    }

    /** Notes how many orders per second a contender completes when it is saturated. */
    void noteSaturated(Contender contender, double perSecond) {
        saturated.put(contender, perSecond);
    }

    /** What was noted last of it; empty if nothing was. */
    OptionalDouble saturated(Contender contender) {
        Double perSecond = saturated.get(contender);
        return perSecond == null ? OptionalDouble.empty() : OptionalDouble.of(perSecond);
    }

    /** Who was left out. */
    Set<String> leftOut() {
        return leftOut.keySet();
    }

    /** Says who was left out and why, and what the others hold. */
    void remarkOn(Outcome.Builder outcome) {
        leftOut.forEach((name, why) -> outcome.remark(name + " was left out, for a run of it was void: " + why));
        outcome.remark("orders to warm up: " + warmUps);
        all.forEach(contender ->
                contender.guarantees().forEach(sentence -> outcome.remark(contender.name() + ": " + sentence)));
    }

    /** Checks what is slow to check, whole journals and every order by HTTP, once everything is done. */
    void checkAll() throws Exception {
        for (Contender contender : all) {
            VoidRunException.ifAny(contender.name(), contender.moreFaults());
        }
    }

    /** Whether it has carried out orders before, so that its caches are filled and its Java is compiled. */
    boolean isWarm(Contender contender) {
        return next.containsKey(contender);
    }

    @Override
    public void close() {
        if (this != shared) {
            end(all);
        }
    }

    private static void end(List<Contender> contenders) {
        RuntimeException failure = null;
        for (Contender contender : contenders) {
            try {
                contender.close();
            } catch (RuntimeException e) {
                if (failure != null) {
                    e.addSuppressed(failure);
                }
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
