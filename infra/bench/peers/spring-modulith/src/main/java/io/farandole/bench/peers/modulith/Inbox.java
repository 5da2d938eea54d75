package io.farandole.bench.peers.modulith;

import org.springframework.jdbc.core.JdbcTemplate;

/** Lets an event in once: it is written down in the transaction that handles it. An order has one event of each type. */
public class Inbox {

    private final JdbcTemplate jdbc;

    Inbox(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
        jdbc.execute(
                "create table if not exists inbox (event text primary key, received_at timestamptz not null default now())");
    }

    /** Whether it is here for the first time. */
    public boolean isNew(Class<?> type, String orderId) {
        return jdbc.update(
                        "insert into inbox (event) values (?) on conflict do nothing",
                        type.getSimpleName() + ":" + orderId)
                == 1;
    }
}
