package io.farandole.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FollowersTest {

    private static final EventType PLACED = new EventType("order.order-placed", 1);
    private static final EventType ARCHIVED = new EventType("order.order-archived", 1);

    @Test
    void namesTheFollowersOfAType() {
        Followers followers = Followers.builder()
                .add(PLACED, List.of("stock", "payment"))
                .add(ARCHIVED, List.of())
                .build();
        assertThat(followers.of(PLACED)).containsExactly("payment", "stock");
        assertThat(followers.of(ARCHIVED)).isEmpty();
        assertThat(followers.of(new EventType("order.order-placed", 2))).isEmpty();
        assertThat(followers.types()).containsExactly(ARCHIVED, PLACED);
    }

    @Test
    void unitesDeclarations() {
        Followers merged = Followers.merge(List.of(
                Followers.builder().add(PLACED, List.of("stock")).build(),
                Followers.builder().add(PLACED, List.of("payment")).build()));
        assertThat(merged.of(PLACED)).containsExactly("payment", "stock");
    }
}
