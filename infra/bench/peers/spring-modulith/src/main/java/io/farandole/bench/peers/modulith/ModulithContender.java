package io.farandole.bench.peers.modulith;

import io.farandole.bench.load.Books;
import io.farandole.bench.load.ContenderProgram;
import io.farandole.bench.load.ContenderSettings;
import io.farandole.bench.load.LoadTarget;
import io.farandole.bench.load.OrderSpec;
import io.farandole.bench.load.Workload;
import io.farandole.bench.peers.modulith.order.OrderApplication;
import io.farandole.bench.peers.modulith.order.OrderDesk;
import io.farandole.bench.peers.modulith.order.OrderPlaced;
import io.farandole.bench.peers.modulith.payment.PaymentApplication;
import io.farandole.bench.peers.modulith.payment.PaymentProvider;
import io.farandole.bench.peers.modulith.stock.StockApplication;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** Three Spring Modulith applications in one JVM, each with a database and a queue of its own. */
final class ModulithContender implements LoadTarget {

    private static final int THREADS = Integer.getInteger("contender.threads", 16);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Completion completion = new Completion();
    private final ExecutorService customers = Executors.newFixedThreadPool(THREADS);
    private final ConfigurableApplicationContext order;
    private final ConfigurableApplicationContext stock;
    private final ConfigurableApplicationContext payment;
    private final OrderDesk desk;

    private ModulithContender(ContenderSettings settings) {
        stock = start(StockApplication.class, "stock", settings.stockUrl(), settings);
        payment = start(PaymentApplication.class, "payment", settings.paymentUrl(), settings);
        order = start(OrderApplication.class, "order", settings.orderUrl(), settings);
        desk = order.getBean(OrderDesk.class);
        fillShelves(settings.workload());
    }

    public static void main(String[] args) {
        ContenderProgram.run(ModulithContender::new);
    }

    private ConfigurableApplicationContext start(
            Class<?> application, String name, String url, ContenderSettings settings) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("spring.application.name", name);
        properties.put("spring.datasource.url", url);
        properties.put("spring.datasource.username", settings.dbUser());
        properties.put("spring.datasource.password", settings.dbPassword());
        properties.put("spring.datasource.hikari.maximum-pool-size", 2 * THREADS);
        properties.put("spring.rabbitmq.host", settings.rabbitHost());
        properties.put("spring.rabbitmq.port", settings.rabbitPort());
        properties.put("spring.rabbitmq.virtual-host", settings.rabbitVhost());
        properties.put("spring.rabbitmq.username", settings.rabbitUser());
        properties.put("spring.rabbitmq.password", settings.rabbitPassword());
        properties.put("spring.rabbitmq.listener.simple.concurrency", THREADS);
        properties.put("spring.task.execution.pool.core-size", THREADS);
        return new SpringApplicationBuilder(application, AmqpExternalization.class)
                .web(WebApplicationType.NONE)
                .properties(properties)
                .initializers(context -> context.getBeanFactory().registerSingleton("completion", completion))
                .registerShutdownHook(false)
                .run();
    }

    private void fillShelves(Workload workload) {
        List<Object[]> items = new ArrayList<>();
        for (int i = 0; i < workload.items(); i++) {
            items.add(new Object[] {workload.productId(i), Workload.PIECES, Workload.PIECES});
        }
        jdbc(stock)
                .batchUpdate(
                        "insert into stock_item (product_id, received, available, reserved, sold) values (?, ?, ?, 0, 0)",
                        items);
    }

    @Override
    public CompletionStage<Boolean> place(OrderSpec spec) {
        String orderId = UUID.randomUUID().toString();
        CompletionStage<Boolean> end = completion.expect(orderId);
        customers.execute(() -> {
            try {
                desk.place(new OrderPlaced(
                        orderId,
                        spec.customerId(),
                        spec.productId(),
                        OrderSpec.QUANTITY,
                        OrderSpec.PRICE_MINOR,
                        OrderSpec.CURRENCY,
                        spec.declined() ? PaymentProvider.DECLINED : PaymentProvider.OK));
            } catch (RuntimeException e) {
                completion.failed(orderId, e);
            }
        });
        return end;
    }

    @Override
    public Books books() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Books books = read();
        while (books.undecided() + books.reserved() + books.openAuthorisedMinor() > 0
                && System.nanoTime() < deadline) {
            LockSupport.parkNanos(PAUSE.toNanos());
            books = read();
        }
        return books;
    }

    private Books read() {
        return new Books(
                number(order, "select count(*) from purchase_order where status = 'confirmed'"),
                number(order, "select count(*) from purchase_order where status = 'cancelled'"),
                number(order, "select count(*) from purchase_order where status = 'placed'"),
                number(stock, "select sum(received) from stock_item"),
                number(stock, "select sum(available) from stock_item"),
                number(stock, "select sum(reserved) from stock_item"),
                number(stock, "select sum(sold) from stock_item"),
                number(payment, "select coalesce(sum(captured_minor), 0) from payment"),
                number(payment, "select coalesce(sum(authorised_minor - captured_minor), 0) from payment"));
    }

    private static long number(ConfigurableApplicationContext context, String sql) {
        Long number = jdbc(context).queryForObject(sql, Long.class);
        return number == null ? 0 : number;
    }

    private static JdbcTemplate jdbc(ConfigurableApplicationContext context) {
        return context.getBean(JdbcTemplate.class);
    }

    @Override
    public void close() {
        customers.shutdown();
        order.close();
        stock.close();
        payment.close();
    }
}
