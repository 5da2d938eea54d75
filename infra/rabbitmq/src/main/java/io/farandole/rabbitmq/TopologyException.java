package io.farandole.rabbitmq;

import java.util.List;

/** The broker does not have what the context needs. The message says what is wrong, where, and what to do, per problem. */
public final class TopologyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    TopologyException(String context, List<String> problems) {
        super("RabbitMQ is not set up for context " + context + ":\n  - " + String.join("\n  - ", problems));
        this.problems = List.copyOf(problems);
    }

    /** Each problem in a sentence or two, remedy included. */
    public List<String> problems() {
        return problems;
    }
}
