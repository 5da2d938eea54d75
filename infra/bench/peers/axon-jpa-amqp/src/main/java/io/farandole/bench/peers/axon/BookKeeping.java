package io.farandole.bench.peers.axon;

import io.farandole.bench.load.Books;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/** Reads the books from the event stores of the three contexts: the events are the only truth that there is. */
final class BookKeeping {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Database order;
    private final Database stock;
    private final Database payment;

    BookKeeping(Database order, Database stock, Database payment) {
        this.order = order;
        this.stock = stock;
        this.payment = payment;
    }

    /** Waits until nothing is undecided or held any more, but not for ever. */
    Books books() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Books books = read();
        while (!settled(books) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(PAUSE.toNanos());
            books = read();
        }
        return books;
    }

    private static boolean settled(Books books) {
        return books.undecided() == 0 && books.reserved() == 0 && books.openAuthorisedMinor() == 0;
    }

    private Books read() {
        long placed = count(order, "OrderPlaced");
        long confirmed = count(order, "OrderConfirmed");
        long cancelled = count(order, "OrderCancelled");
        long received = sum(stock, "StockReceived", "quantity");
        long reserved = sum(stock, "StockReserved", "quantity");
        long sold = sum(stock, "StockSold", "quantity");
        long released = sum(stock, "StockReleased", "quantity");
        long authorised = sum(payment, "PaymentAuthorized", "amountMinor");
        long captured = sum(payment, "PaymentCaptured", "amountMinor");
        return new Books(
                confirmed,
                cancelled,
                placed - confirmed - cancelled,
                received,
                received - reserved + released,
                reserved - sold - released,
                sold,
                captured,
                authorised - captured);
    }

    private static long count(Database database, String type) {
        return number(database, "select count(*) from domain_event_entry where payload_type = ?", type);
    }

    private static long sum(Database database, String type, String field) {
        return number(
                database,
                "select coalesce(sum((convert_from(payload, 'UTF8')::jsonb ->> '" + field
                        + "')::bigint), 0) from domain_event_entry where payload_type = ?",
                type);
    }

    private static long number(Database database, String sql, String type) {
        JdbcTemplate jdbc = database.jdbc();
        Long number = new TransactionTemplate(database.transactions())
                .execute(status -> jdbc.queryForObject(sql, Long.class, Events.class.getName() + "$" + type));
        return number == null ? 0 : number;
    }
}
