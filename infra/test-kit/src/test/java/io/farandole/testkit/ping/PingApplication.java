package io.farandole.testkit.ping;

import io.farandole.messaging.EventTypes;
import io.farandole.messaging.Followers;
import io.farandole.messaging.Publications;
import io.farandole.testkit.ball.BallLanguage;
import io.farandole.testkit.ball.BallServed;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

@SpringBootApplication
public class PingApplication {

    @Bean
    EventTypes publishedLanguage() {
        return BallLanguage.TYPES;
    }

    @Bean
    Followers followers() {
        return BallLanguage.FOLLOWERS;
    }

    @Bean
    EventTypes privateEvents() {
        return EventTypes.builder()
                .event("ping.game-started", 1, Game.GameStarted.class)
                .event("ping.game-ended", 1, Game.GameEnded.class)
                .build();
    }

    @Bean
    Publications publications() {
        return Publications.builder()
                .publish(Game.GameStarted.class, started -> new BallServed(started.game()))
                .build();
    }
}
