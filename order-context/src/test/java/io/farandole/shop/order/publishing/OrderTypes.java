package io.farandole.shop.order.publishing;

import io.farandole.messaging.EventTypes;
import java.util.List;

/** All events of the order context, without Spring. */
public final class OrderTypes {

    private OrderTypes() {}

    /** Its own and the published ones. */
    public static EventTypes all() {
        return EventTypes.merge(List.of(OrderLanguage.orderEvents(), OrderLanguage.publishedEvents()));
    }
}
