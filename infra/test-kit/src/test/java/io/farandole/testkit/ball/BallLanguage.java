package io.farandole.testkit.ball;

import io.farandole.messaging.EventType;
import io.farandole.messaging.EventTypes;
import io.farandole.messaging.Followers;
import java.util.List;

/** The published language of the two. */
public final class BallLanguage {

    public static final EventTypes TYPES = EventTypes.builder()
            .event("ping.ball-served", 1, BallServed.class, BallServed::game)
            .event("pong.ball-returned", 1, BallReturned.class, BallReturned::game)
            .build();

    public static final Followers FOLLOWERS = Followers.builder()
            .add(new EventType("ping.ball-served", 1), List.of("pong"))
            .add(new EventType("pong.ball-returned", 1), List.of("ping"))
            .build();

    private BallLanguage() {}
}
