package io.farandole.testkit.ping;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;

@Aggregate
public class Game {

    public record StartGame(@TargetAggregateIdentifier String game) {}

    public record EndGame(@TargetAggregateIdentifier String game, String how) {}

    public record GameStarted(String game) {}

    public record GameEnded(String game, String how) {}

    @AggregateIdentifier
    private String game;

    private boolean ended;

    Game() {}

    @CommandHandler
    Game(StartGame command) {
        apply(new GameStarted(command.game()));
    }

    @CommandHandler
    void handle(EndGame command) {
        if (!ended) {
            apply(new GameEnded(command.game(), command.how()));
        }
    }

    @EventSourcingHandler
    void on(GameStarted event) {
        game = event.game();
    }

    @EventSourcingHandler
    void on(GameEnded event) {
        ended = true;
    }
}
