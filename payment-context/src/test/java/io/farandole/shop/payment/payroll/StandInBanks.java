package io.farandole.shop.payment.payroll;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.farandole.testservers.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Banks that keep the agreed wire and the barrier, in memory, and record what moved. They misbehave by the beginning of an account's
 * number: {@code down-} answers 503, {@code flaky-} every other time, {@code slow-} late, {@code refuse-} no, {@code die-} closes the
 * connection after the first commit, {@code nonsense-} a page with 200, {@code error-} an error with 200, {@code spent-} gives nothing
 * back, {@code block-} answers when it is released, {@code whole-} pays at once what it should hold, {@code lapse-} holds, and has let go of
 * it when it is to pay.
 */
final class StandInBanks implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int TRIES_OF_FLAKY = 2;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "stand-in-bank");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Branch> branches = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> tries = new ConcurrentHashMap<>();
    private final Set<String> healed = ConcurrentHashMap.newKeySet();
    private final CountDownLatch release = new CountDownLatch(1);
    private volatile boolean keeps;
    private final AtomicInteger kept = new AtomicInteger();
    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();

    /** What moved and what was taken back, in order: {@code +branch}, {@code -branch}. */
    final List<String> moves = Collections.synchronizedList(new ArrayList<>());

    private final List<String> notices = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger refusedNotices = new AtomicInteger();

    StandInBanks() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.createContext("/notices", this::notice);
        server.start();
    }

    /** One payment as its bank remembers it. */
    private static final class Branch {
        private @Nullable String account;
        private @Nullable String fingerprint;
        private long amount;
        private boolean held;
        private boolean committed;
        private boolean compensated;
        private @Nullable String refusal;
    }

    String url(String bank) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + bank;
    }

    /** Whether the employee has the payment. */
    boolean has(String globalId, String branch) {
        Branch entry = branches.get(globalId + "/" + branch);
        return entry != null && entry.committed;
    }

    /** Whether anything of the payment is with the bank: paid, or held. */
    boolean holds(String globalId, String branch) {
        Branch entry = branches.get(globalId + "/" + branch);
        return entry != null && (entry.committed || entry.held);
    }

    /** The account behaves from now on. */
    void heal(String account) {
        healed.add(account);
    }

    void release() {
        release.countDown();
    }

    /** Whether every bank answers 503 to whoever wants something back, from now on. */
    void keep(boolean everything) {
        kept.set(0);
        keeps = everything;
    }

    /** How often that was answered. */
    int kept() {
        return kept.get();
    }

    int mostAtOnce() {
        return mostAtOnce.get();
    }

    List<String> notices() {
        return List.copyOf(notices);
    }

    /** The receiver of notices is down for so many of them. */
    void refuseNotices(int times) {
        refusedNotices.set(times);
    }

    /** For how many more of them it is. */
    int refusedNotices() {
        return refusedNotices.get();
    }

    private void notice(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (refusedNotices.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            answer(exchange, 503, "{}");
        } else {
            notices.add(exchange.getRequestHeaders().getFirst("Idempotency-Key") + " "
                    + exchange.getRequestHeaders().getFirst("Payroll-Signature") + " " + body);
            answer(exchange, 200, "{}");
        }
        exchange.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
        try {
            String id = exchange.getRequestURI().getPath().replaceFirst("^.*/payroll/", "");
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (exchange.getRequestMethod().equals("DELETE")) {
                takeBack(exchange, id);
            } else {
                pay(exchange, id, body, exchange.getRequestURI().getQuery());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            atOnce.decrementAndGet();
            exchange.close();
        }
    }

    private void pay(HttpExchange exchange, String id, String body, @Nullable String query)
            throws IOException, InterruptedException {
        JsonNode request = JSON.readTree(body);
        String account = request.get("account").asString();
        int tried =
                tries.computeIfAbsent(id + query, key -> new AtomicInteger()).incrementAndGet();
        boolean well = healed.contains(account);
        if ((!well && account.startsWith("down-")) || (account.startsWith("flaky-") && tried < TRIES_OF_FLAKY)) {
            answer(exchange, 503, "{}");
            return;
        }
        if (account.startsWith("block-")) {
            release.await(Patience.SECONDS, TimeUnit.SECONDS);
        }
        if (account.startsWith("slow-") && tried == 1) {
            new CountDownLatch(1).await(700, TimeUnit.MILLISECONDS);
        }
        if (!well && account.startsWith("nonsense-")) {
            answer(exchange, 200, "<html>Welcome to the bank</html>");
            return;
        }
        if (!well && account.startsWith("error-")) {
            answer(exchange, 200, "{\"error\":\"out of order\"}");
            return;
        }
        String refusal = commit(id, account, request.get("amount").asLong(), body, query, well);
        if (account.startsWith("die-") && tried == 1) {
            exchange.close();
            return;
        }
        if (refusal == null) {
            // Some banks do not know phases: they pay at once, and say so.
            boolean held = "phase=try".equals(query) && !account.startsWith("whole-");
            answer(exchange, 200, held ? "{\"outcome\":\"HELD\"}" : "{\"outcome\":\"COMMITTED\"}");
        } else {
            answer(exchange, 409, "{\"outcome\":\"REFUSED\",\"reason\":\"" + refusal + "\",\"text\":\"no\"}");
        }
    }

    private synchronized @Nullable String commit(
            String id, String account, long amount, String body, @Nullable String query, boolean well) {
        Branch branch = branches.computeIfAbsent(id, key -> new Branch());
        if (branch.compensated) {
            return "COMPENSATED_BEFORE";
        }
        if (branch.refusal != null) {
            return branch.refusal;
        }
        if (branch.fingerprint != null && !branch.fingerprint.equals(body)) {
            throw new AssertionError("Another body under the same ids " + id);
        }
        branch.fingerprint = body;
        branch.account = account;
        branch.amount = amount;
        if (!well && account.startsWith("refuse-")) {
            branch.refusal = "ACCOUNT_CLOSED";
            return branch.refusal;
        }
        if (!well && "phase=confirm".equals(query) && account.startsWith("lapse-")) {
            branch.held = false;
            branch.refusal = "EXPIRED";
            return branch.refusal;
        }
        if ("phase=try".equals(query) && !account.startsWith("whole-")) {
            branch.held = true;
        } else if (!branch.committed) {
            branch.held = false;
            branch.committed = true;
            moves.add("+" + id.substring(id.indexOf('/') + 1));
        }
        return null;
    }

    private synchronized void takeBack(HttpExchange exchange, String id) throws IOException {
        if (keeps) {
            kept.incrementAndGet();
            answer(exchange, 503, "{}");
            return;
        }
        Branch branch = branches.computeIfAbsent(id, key -> new Branch());
        String account = branch.account;
        if (branch.committed && account != null && account.startsWith("spent-") && !healed.contains(account)) {
            answer(
                    exchange,
                    409,
                    "{\"outcome\":\"REFUSED\",\"reason\":\"INSUFFICIENT_FUNDS\",\"shortfall\":" + branch.amount / 2
                            + ",\"text\":\"spent\"}");
            return;
        }
        if (branch.committed) {
            moves.add("-" + id.substring(id.indexOf('/') + 1));
        }
        branch.committed = false;
        branch.held = false;
        branch.compensated = true;
        answer(exchange, 200, "{\"outcome\":\"COMPENSATED\"}");
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** Everything that is at the banks, by payroll and branch. */
    Map<String, Long> all() {
        Map<String, Long> all = new HashMap<>();
        branches.forEach((id, branch) -> {
            if (branch.committed || branch.held) {
                all.put(id, branch.amount);
            }
        });
        return all;
    }

    @Override
    public void close() {
        release.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
