package io.farandole.bench.peers.modulith;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.Declarable;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.QueueBuilder;
import org.springframework.amqp.core.TopicExchange;

/** The exchange and the queue of a context, and what goes into the queue. */
public final class Topology {

    private Topology() {}

    /** A context's topology: the event types that it follows, by the context that they come from. */
    public static Declarables of(String context, Map<String, List<Class<?>>> follows) {
        List<Declarable> declarables = new ArrayList<>();
        Queue queue = QueueBuilder.durable(context + ".inbox").quorum().build();
        declarables.add(queue);
        declarables.add(new TopicExchange(context + ".events"));
        follows.forEach((from, types) -> {
            TopicExchange exchange = new TopicExchange(from + ".events");
            declarables.add(exchange);
            for (Class<?> type : types) {
                declarables.add(BindingBuilder.bind(queue).to(exchange).with(type.getSimpleName()));
            }
        });
        return new Declarables(declarables);
    }
}
