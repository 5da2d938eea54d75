package io.farandole.testkit.pong;

import io.farandole.testkit.ball.BallServed;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.stereotype.Component;

@Component
public class HitBallOnBallServed {

    private final CommandGateway commands;

    HitBallOnBallServed(CommandGateway commands) {
        this.commands = commands;
    }

    @EventHandler
    void on(BallServed event) {
        if (event.game().startsWith("missed")) {
            return;
        }
        if (event.game().startsWith("broken")) {
            throw new IllegalStateException("The racket is broken");
        }
        commands.sendAndWait(new Racket.HitBall(event.game()));
    }
}
