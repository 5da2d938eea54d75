package io.farandole.testkit.pong;

import io.farandole.messaging.EventTypes;
import io.farandole.messaging.Followers;
import io.farandole.messaging.Publications;
import io.farandole.testkit.ball.BallLanguage;
import io.farandole.testkit.ball.BallReturned;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

@SpringBootApplication
public class PongApplication {

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
                .event("pong.ball-hit", 1, Racket.BallHit.class)
                .build();
    }

    @Bean
    Publications publications() {
        return Publications.builder()
                .publish(Racket.BallHit.class, hit -> new BallReturned(hit.game()))
                .build();
    }
}
