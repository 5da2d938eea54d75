package io.farandole.boot.audit;

import io.farandole.audit.backfill.Backfills;
import io.farandole.boot.BrokerAutoConfiguration;
import io.farandole.eventstore.Journal;
import io.farandole.messaging.Followers;
import io.farandole.rabbitmq.Broker;
import io.farandole.rabbitmq.Relay;
import io.farandole.rabbitmq.Topology;
import io.farandole.rabbitmq.TopologySpec;
import java.lang.management.ManagementFactory;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** Sends published history to one follower, where a person asks for it. */
@AutoConfiguration(after = BrokerAutoConfiguration.class)
@ConditionalOnClass({Backfills.class, Relay.class})
@ConditionalOnBean({Journal.class, Relay.class})
public class BackfillAutoConfiguration {

    @Bean
    Backfilling backfilling(
            Journal journal,
            DataSource dataSource,
            ObjectProvider<Followers> followers,
            TopologySpec spec,
            Broker broker,
            Topology topology) {
        Backfills backfills = new Backfills(
                journal.context(),
                Followers.merge(followers.orderedStream().toList()),
                dataSource,
                ManagementFactory.getRuntimeMXBean().getName() + "/" + UUID.randomUUID());
        Relay relay = Relay.builder(spec, broker, backfills)
                .follower(backfills::follower)
                .build();
        return new Backfilling(backfills, relay, topology);
    }
}
