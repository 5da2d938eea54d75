package io.farandole.testkit.pong;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;

@Aggregate
public class Racket {

    public record HitBall(@TargetAggregateIdentifier String game) {}

    public record BallHit(String game) {}

    @AggregateIdentifier
    private String game;

    Racket() {}

    @CommandHandler
    Racket(HitBall command) {
        apply(new BallHit(command.game()));
    }

    @EventSourcingHandler
    void on(BallHit event) {
        game = event.game();
    }
}
