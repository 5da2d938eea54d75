package io.farandole.boot.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.testservers.Patience;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

@Timeout(60)
class PostBatchesTest {

    private final ExecutorService clients = Executors.newCachedThreadPool();
    private final Database database = new Database();

    @AfterEach
    void stop() {
        clients.shutdownNow();
        RequestContextHolder.resetRequestAttributes();
    }

    @Test
    void aRequestThatComesAloneIsRunOnItsOwnThread() throws Exception {
        PostBatches batches = new PostBatches(database, 8, 10);
        assertThat(batches.run(work("a"))).isEqualTo("a");
        assertThat(database.log)
                .containsExactly("[a] by " + Thread.currentThread().getName());
    }

    @Test
    void whoWaitsIsRunTogetherUpToTheLimit() throws Exception {
        PostBatches batches = new PostBatches(database, 3, 10);
        List<Future<Object>> blockers = block(batches);
        List<Future<Object>> others = List.of(
                submit(batches, "a"),
                submit(batches, "b"),
                submit(batches, "c"),
                submit(batches, "d"),
                submit(batches, "e"));
        database.goOn.countDown();
        for (Future<Object> other : others) {
            other.get(Patience.SECONDS, TimeUnit.SECONDS);
        }
        for (Future<Object> blocker : blockers) {
            blocker.get(Patience.SECONDS, TimeUnit.SECONDS);
        }
        assertThat(database.committed.keySet())
                .containsExactlyInAnyOrder("block-1", "block-2", "a", "b", "c", "d", "e");
        assertThat(database.committed.values()).allMatch(times -> times == 1);
        assertThat(database.sizes()).contains(3).allMatch(size -> size <= 3);
    }

    @Test
    void eachSeesItsOwnRequestOnWhicheverThread() throws Exception {
        PostBatches batches = new PostBatches(database, 8, 10);
        List<Future<Object>> blockers = block(batches);
        Map<String, Future<Object>> seen = new HashMap<>();
        for (String name : List.of("a", "b", "c")) {
            seen.put(name, submit(batches, "see " + name));
        }
        database.goOn.countDown();
        for (Map.Entry<String, Future<Object>> one : seen.entrySet()) {
            assertThat(one.getValue().get(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo("/see " + one.getKey());
        }
        for (Future<Object> blocker : blockers) {
            blocker.get(Patience.SECONDS, TimeUnit.SECONDS);
        }
    }

    @Test
    void oneThatFailsFailsAlone() throws Exception {
        PostBatches batches = new PostBatches(database, 8, 10);
        List<Future<Object>> blockers = block(batches);
        Future<Object> a = submit(batches, "a");
        Future<Object> bad = submit(batches, "fail");
        Future<Object> b = submit(batches, "b");
        database.goOn.countDown();
        assertThat(a.get(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo("a");
        assertThat(b.get(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo("b");
        assertThatThrownBy(() -> bad.get(Patience.SECONDS, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("no fail");
        for (Future<Object> blocker : blockers) {
            blocker.get(Patience.SECONDS, TimeUnit.SECONDS);
        }
        assertThat(database.committed).containsOnlyKeys("block-1", "block-2", "a", "b");
        assertThat(database.committed.values()).allMatch(times -> times == 1);
    }

    @Test
    void anErrorOfOneIsNobodyElses() throws Exception {
        PostBatches batches = new PostBatches(database, 8, 10);
        List<Future<Object>> blockers = block(batches);
        Future<Object> a = submit(batches, "a");
        Future<Object> bad = submit(batches, "break");
        Future<Object> b = submit(batches, "b");
        database.goOn.countDown();
        assertThat(a.get(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo("a");
        assertThat(b.get(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo("b");
        assertThatThrownBy(() -> bad.get(Patience.SECONDS, TimeUnit.SECONDS))
                .hasCauseInstanceOf(StackOverflowError.class);
        for (Future<Object> blocker : blockers) {
            blocker.get(Patience.SECONDS, TimeUnit.SECONDS);
        }
        assertThat(database.committed).containsOnlyKeys("block-1", "block-2", "a", "b");
    }

    @Test
    void whereNobodyGetsATransactionEveryoneIsToldAtOnce() throws Exception {
        PostBatches batches = new PostBatches(database, 8, 10);
        List<Future<Object>> blockers = block(batches);
        List<Future<Object>> others = List.of(submit(batches, "a"), submit(batches, "b"), submit(batches, "c"));
        database.away = true;
        database.goOn.countDown();
        for (Future<Object> other : others) {
            assertThatThrownBy(() -> other.get(Patience.SECONDS, TimeUnit.SECONDS))
                    .hasRootCauseMessage("away");
        }
        for (Future<Object> blocker : blockers) {
            blocker.get(Patience.SECONDS, TimeUnit.SECONDS);
        }
        assertThat(database.attempts).as("one for the batch").isEqualTo(3);
    }

    @Test
    void pastTheLimitARequestIsRefusedAndNothingIsDone() throws Exception {
        PostBatches batches = new PostBatches(database, 8, 2);
        List<Future<Object>> blockers = block(batches);
        List<Future<Object>> waiting = List.of(submit(batches, "a"), submit(batches, "b"));
        assertThatThrownBy(() -> batches.run(work("late"))).isInstanceOf(TooBusyException.class);
        database.goOn.countDown();
        for (Future<Object> other : waiting) {
            other.get(Patience.SECONDS, TimeUnit.SECONDS);
        }
        for (Future<Object> blocker : blockers) {
            blocker.get(Patience.SECONDS, TimeUnit.SECONDS);
        }
        assertThat(database.committed).doesNotContainKey("late").hasSize(4);
        assertThat(batches.run(work("late"))).isEqualTo("late");
    }

    @Test
    void whoIsInterruptedWhileWaitingIsNotRun() throws Exception {
        PostBatches batches = new PostBatches(database, 8, 10);
        List<Future<Object>> blockers = block(batches);
        Future<Object> gone = submit(batches, "gone");
        gone.cancel(true);
        await(() -> batches.waiting() == 0);
        Future<Object> b = submit(batches, "b");
        database.goOn.countDown();
        assertThat(b.get(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo("b");
        for (Future<Object> blocker : blockers) {
            blocker.get(Patience.SECONDS, TimeUnit.SECONDS);
        }
        assertThat(database.committed).doesNotContainKey("gone");
    }

    /**
     * Many threads, many failures, and some that are interrupted: what was answered was committed once, what failed never, and
     * nobody is left waiting.
     */
    @RepeatedTest(5)
    void nothingIsLostOrDoneTwice() throws Exception {
        long seed = new Random().nextLong();
        PostBatches batches = new PostBatches(database, 8, 1_000);
        database.goOn.countDown();
        int threads = 16;
        int each = 200;
        CyclicBarrier start = new CyclicBarrier(threads);
        Set<Thread> mayBeInterrupted = ConcurrentHashMap.newKeySet();
        List<Future<List<String>>> answered = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int thread = t;
            answered.add(clients.submit(() -> {
                Random dice = new Random(seed + thread);
                List<String> done = new ArrayList<>();
                start.await();
                mayBeInterrupted.add(Thread.currentThread());
                for (int i = 0; i < each; i++) {
                    boolean fails = dice.nextInt(20) == 0;
                    String name = (fails ? "fail " : "good ") + thread + " " + i;
                    try {
                        assertThat(batches.run(work(name))).isEqualTo(name);
                        done.add(name);
                    } catch (IllegalStateException e) {
                        assertThat(fails).as("seed %s, %s", seed, name).isTrue();
                    } catch (InterruptedException e) {
                        // Gone while it waited: must not have been done.
                    }
                }
                mayBeInterrupted.remove(Thread.currentThread());
                return done;
            }));
        }
        Random dice = new Random(seed);
        while (!answered.stream().allMatch(Future::isDone)) {
            mayBeInterrupted.stream().skip(dice.nextInt(threads)).findFirst().ifPresent(Thread::interrupt);
            LockSupport.parkNanos(50_000);
        }
        List<String> all = new ArrayList<>();
        for (Future<List<String>> one : answered) {
            all.addAll(one.get(Patience.SECONDS, TimeUnit.SECONDS));
        }
        assertThat(database.committed.keySet()).as("seed %s", seed).containsExactlyInAnyOrderElementsOf(all);
        assertThat(database.committed.values()).as("seed %s", seed).allMatch(times -> times == 1);
        assertThat(all).as("seed %s", seed).hasSizeGreaterThan(threads * each / 10);
        assertThat(batches.waiting()).isZero();
    }

    /** Two that lead and do not end until {@code goOn}, so that whoever comes after has to wait. */
    private List<Future<Object>> block(PostBatches batches) throws Exception {
        List<Future<Object>> blockers = new ArrayList<>();
        for (int i = 1; i <= 2; i++) {
            String name = "block-" + i;
            blockers.add(clients.submit(() -> batches.run(work(name))));
        }
        assertThat(database.blocked.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        return blockers;
    }

    private Future<Object> submit(PostBatches batches, String name) throws Exception {
        int before = batches.waiting();
        Future<Object> future = clients.submit(() -> batches.run(work(name)));
        await(() -> batches.waiting() == before + 1);
        return future;
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(100_000);
        }
    }

    /** As the request's thread makes it: Spring's request context stays with that thread. */
    private static PostWork work(String name) {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/" + name);
        RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(request));
        return new PostWork(request, null, () -> {
            if (name.startsWith("fail")) {
                throw new IllegalStateException("no " + name);
            }
            if (name.startsWith("break")) {
                throw new StackOverflowError(name);
            }
            if (name.startsWith("see")
                    && RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes seen) {
                return seen.getRequest().getRequestURI();
            }
            return name;
        });
    }

    /** Remembers what was committed, and how often; a transaction that fails leaves nothing. */
    private static final class Database implements PostBatches.Batch {

        final Map<String, Integer> committed = new HashMap<>();
        final List<String> log = new ArrayList<>();
        final List<Integer> sizes = new ArrayList<>();
        final CountDownLatch blocked = new CountDownLatch(2);
        final CountDownLatch goOn = new CountDownLatch(1);
        volatile boolean away;
        int attempts;

        synchronized List<Integer> sizes() {
            return List.copyOf(sizes);
        }

        @Override
        public void together(List<PostWork> works) throws Exception {
            Map<PostWork, Object> answers = begin(works);
            answers.forEach(PostWork::answered);
            commit(works);
        }

        @Override
        public @Nullable Object alone(PostWork work) throws Exception {
            Map<PostWork, Object> answers = begin(List.of(work));
            commit(List.of(work));
            return answers.get(work);
        }

        private Map<PostWork, Object> begin(List<PostWork> works) throws Exception {
            synchronized (this) {
                attempts++;
            }
            if (away) {
                throw new java.util.concurrent.TimeoutException("away");
            }
            Map<PostWork, Object> answers = new HashMap<>();
            for (PostWork work : works) {
                if (name(work).startsWith("block")) {
                    blocked.countDown();
                    if (!goOn.await(Patience.SECONDS, TimeUnit.SECONDS)) {
                        throw new IllegalStateException("nobody came");
                    }
                }
                answers.put(work, String.valueOf(work.call()));
            }
            return answers;
        }

        private synchronized void commit(List<PostWork> works) {
            works.forEach(work -> committed.merge(name(work), 1, Integer::sum));
            sizes.add(works.size());
            log.add(works.stream().map(Database::name).toList() + " by "
                    + Thread.currentThread().getName());
        }

        private static String name(PostWork work) {
            return work.request().getRequestURI().substring(1);
        }

        @Override
        public boolean concernsAll(Exception failure) {
            return failure instanceof java.util.concurrent.TimeoutException;
        }
    }
}
