package io.farandole.testkit.ping;

import io.farandole.testkit.ball.BallReturned;
import java.time.Duration;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.deadline.DeadlineManager;
import org.axonframework.deadline.annotation.DeadlineHandler;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.SagaLifecycle;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.spring.stereotype.Saga;
import org.springframework.beans.factory.annotation.Autowired;

@Saga
public class Rally {

    static final String TOO_LATE = "too-late";

    @Autowired
    private transient CommandGateway commands;

    @Autowired
    private transient DeadlineManager deadlines;

    private String game = "";

    @StartSaga
    @SagaEventHandler(associationProperty = "game")
    void on(Game.GameStarted event) {
        game = event.game();
        deadlines.schedule(Duration.ofSeconds(1), TOO_LATE);
    }

    @SagaEventHandler(associationProperty = "game")
    void on(BallReturned event) {
        deadlines.cancelAllWithinScope(TOO_LATE);
        end("returned");
    }

    @DeadlineHandler(deadlineName = TOO_LATE)
    void onTooLate() {
        end("too-late");
    }

    private void end(String how) {
        commands.sendAndWait(new Game.EndGame(game, how));
        SagaLifecycle.end();
    }
}
