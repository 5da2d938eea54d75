package io.farandole.bench.raw;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.farandole.bench.load.Books;
import io.farandole.bench.load.ContenderProgram;
import io.farandole.bench.load.ContenderSettings;
import io.farandole.bench.load.LoadTarget;
import io.farandole.bench.load.OrderSpec;
import io.farandole.bench.load.Workload;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.axonframework.common.IdentifierFactory;

/**
 * The raw program, a contender. It keeps in memory what is committed and not yet published: unlike the choreography it would lose that
 * in a crash, which makes it faster than what is right, as a limit should be.
 */
public final class RawProgram implements LoadTarget {

    private static final long AT_REST_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final ContenderSettings settings;
    private final int batch;
    private final Connection broker;
    private final List<RawJournal> journals = new ArrayList<>();
    private final List<RawContext> contexts = new ArrayList<>();
    private final Map<String, CompletableFuture<Boolean>> waiting = new ConcurrentHashMap<>();
    private final BlockingQueue<Placing> placings = new LinkedBlockingQueue<>();
    private final Thread placer;
    private volatile boolean open = true;

    private record Placing(OrderSpec order, String orderId) {}

    private RawProgram(ContenderSettings settings, int batch, int copies)
            throws IOException, TimeoutException, SQLException {
        this.settings = settings;
        this.batch = batch;
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(settings.rabbitHost());
        factory.setPort(settings.rabbitPort());
        factory.setVirtualHost(settings.rabbitVhost());
        factory.setUsername(settings.rabbitUser());
        factory.setPassword(settings.rabbitPassword());
        factory.setAutomaticRecoveryEnabled(false);
        broker = factory.newConnection();
        RawJournal placed = journal(settings.orderUrl(), "");
        RawPublisher placing = publisher("order", copies);
        RawPublisher orders = publisher("order", copies);
        RawPublisher stock = publisher("stock", copies);
        RawPublisher payments = publisher("payment", copies);
        context("stock", RawStock.FOLLOWED, journal(settings.stockUrl(), RawStock.TABLES), stock, new RawStock());
        context(
                "payment",
                RawPayment.FOLLOWED,
                journal(settings.paymentUrl(), RawPayment.TABLES),
                payments,
                new RawPayment());
        context("order", RawOrder.FOLLOWED, journal(settings.orderUrl(), ""), orders, new RawOrder());
        placing.start();
        fillShelves();
        placer = new Thread(() -> placeAll(placed, placing), "raw-placer");
    }

    /** Opens it for these servers, with batches of so many at most; {@code copies} of each message are sent, 1 but to try its guard. */
    public static RawProgram open(ContenderSettings settings, int batch, int copies) throws Exception {
        RawProgram program = new RawProgram(settings, batch, copies);
        program.contexts.forEach(RawContext::start);
        program.placer.start();
        return program;
    }

    /** A contender process; the argument is the size of a batch, 64 without one. */
    public static void main(String[] arguments) {
        int batch = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 64;
        ContenderProgram.run(settings -> open(settings, batch, 1));
    }

    private RawJournal journal(String url, String tables) throws SQLException {
        RawJournal journal = new RawJournal(url, settings.dbUser(), settings.dbPassword(), tables);
        journals.add(journal);
        return journal;
    }

    private RawPublisher publisher(String context, int copies) throws IOException {
        return new RawPublisher(context, broker, settings.rabbitUser(), copies, this::fail);
    }

    private void context(
            String name, List<String> followed, RawJournal journal, RawPublisher publisher, RawContext.Acting acting)
            throws IOException {
        contexts.add(
                new RawContext(name, followed, broker, journal, publisher, batch, acting, this::complete, this::fail));
    }

    private void fillShelves() throws SQLException {
        try (java.sql.Connection stock = connect(settings.stockUrl());
                PreparedStatement insert = stock.prepareStatement(
                        "insert into item select 'p-' || i, ?, ?, 0, 0 from generate_series(0, ? - 1) i on conflict do nothing")) {
            insert.setLong(1, Workload.PIECES);
            insert.setLong(2, Workload.PIECES);
            insert.setInt(3, settings.workload().items());
            insert.executeUpdate();
        }
    }

    private java.sql.Connection connect(String url) throws SQLException {
        return DriverManager.getConnection(url, settings.dbUser(), settings.dbPassword());
    }

    @Override
    public CompletionStage<Boolean> place(OrderSpec order) {
        String orderId = IdentifierFactory.getInstance().generateIdentifier();
        CompletableFuture<Boolean> end = new CompletableFuture<>();
        waiting.put(orderId, end);
        placings.add(new Placing(order, orderId));
        return end;
    }

    private void placeAll(RawJournal journal, RawPublisher publisher) {
        List<Placing> taken = new ArrayList<>();
        try {
            while (open) {
                taken.clear();
                Placing first = placings.poll(200, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                taken.add(first);
                placings.drainTo(taken, batch - 1);
                List<RawEvent> events = new ArrayList<>();
                for (Placing placing : taken) {
                    events.addAll(RawOrder.place(placing.orderId(), placing.order()));
                }
                journal.append(events);
                journal.connection().commit();
                publisher.publish(events);
            }
        } catch (SQLException | InterruptedException | RuntimeException e) {
            if (open) {
                fail(e);
            }
        } finally {
            publisher.close();
        }
    }

    private void complete(List<RawEvent> own) {
        for (RawEvent event : own) {
            boolean confirmed = event.type().equals("order.confirmed");
            if (confirmed || event.type().equals("order.cancelled")) {
                CompletableFuture<Boolean> end = waiting.remove(event.processKey());
                if (end != null) {
                    end.complete(confirmed);
                }
            }
        }
    }

    private void fail(Throwable failure) {
        failure.printStackTrace();
        waiting.values().forEach(end -> end.completeExceptionally(failure));
        waiting.clear();
    }

    @Override
    public Books books() throws SQLException {
        long start = System.nanoTime();
        Books books = look();
        while (!books.faults().isEmpty() && System.nanoTime() - start < AT_REST_WITHIN_NANOS) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            books = look();
        }
        return books;
    }

    private Books look() throws SQLException {
        long[] orders = row(
                settings.orderUrl(),
                """
                select count(*) filter (where payload_type = 'order.placed'),
                       count(*) filter (where payload_type = 'order.confirmed'),
                       count(*) filter (where payload_type = 'order.cancelled') from journal where own
                """,
                3);
        long[] stock =
                row(settings.stockUrl(), "select sum(received), sum(available), sum(reserved), sum(sold) from item", 4);
        long[] money = row(
                settings.paymentUrl(),
                """
                select count(*) filter (where state = 'captured') * 990, count(*) filter (where state = 'authorized') * 990
                  from payment
                """,
                2);
        return new Books(
                orders[1],
                orders[2],
                orders[0] - orders[1] - orders[2],
                stock[0],
                stock[1],
                stock[2],
                stock[3],
                money[0],
                money[1]);
    }

    private long[] row(String url, String query, int columns) throws SQLException {
        try (java.sql.Connection connection = connect(url);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            long[] row = new long[columns];
            for (int i = 0; i < columns; i++) {
                row[i] = result.getLong(i + 1);
            }
            return row;
        }
    }

    @Override
    public void close() {
        open = false;
        placer.interrupt();
        contexts.forEach(RawContext::close);
        try {
            broker.close();
            for (RawJournal journal : journals) {
                journal.close();
            }
        } catch (IOException | SQLException e) {
            throw new IllegalStateException("The raw program did not close", e);
        }
    }
}
