package io.farandole.acceptance.crash;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.farandole.acceptance.checker.ShopAddresses;
import io.farandole.acceptance.shop.RunningShop;
import io.farandole.testservers.TestBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeoutException;

/**
 * Makes stock's processes fail that are about one product, as long as it works: its journal then refuses what they append. And puts what is
 * no event into its queue.
 */
public final class Poison {

    /** The product that fails. */
    public static final String PRODUCT = "p-poison";

    private final ShopAddresses.Database stock;
    private final TestBroker broker;

    /** In that shop's stock; it does not work yet. */
    public Poison(RunningShop shop) throws SQLException {
        this.stock = shop.database("stock");
        this.broker = shop.broker();
        execute("create table public.poison (works boolean not null)");
        execute("insert into public.poison values (false)");
        execute(
                """
                create function public.poison() returns trigger language plpgsql security definer as $$
                begin
                    if new.own and new.payload_type <> 'stock.goods-received' and new.payload::text like '%p-poison%'
                            and exists (select from public.poison where works) then
                        raise exception 'poisoned';
                    end if;
                    return new;
                end $$""");
        execute(
                "create trigger poison before insert on farandole.journal for each row execute function public.poison()");
    }

    /** Whether it works from now on. */
    public void works(boolean works) throws SQLException {
        execute("update public.poison set works = " + works);
    }

    void sendNonsense() throws IOException, TimeoutException {
        try (Connection connection = broker.adminConnectionFactory().newConnection("acceptance-nonsense")) {
            Channel channel = connection.createChannel();
            channel.basicPublish("", "stock.inbox", null, "no event".getBytes(StandardCharsets.UTF_8));
            channel.close();
        }
    }

    private void execute(String sql) throws SQLException {
        try (java.sql.Connection connection = DriverManager.getConnection(stock.url(), stock.user(), stock.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
