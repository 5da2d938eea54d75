package io.farandole.shop.order.web;

import io.farandole.shop.order.tracking.FindOrders;
import io.farandole.shop.order.tracking.OrderStatus;
import io.farandole.shop.order.tracking.OrderStatusFeed;
import io.farandole.shop.order.tracking.OrderStatusView;
import jakarta.validation.constraints.Pattern;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Streams an order's status as server-sent events: an event {@code status} with the order at the beginning and at each
 * change. The stream ends with a status that is final, or after a while; then the client connects again.
 */
@RestController
class OrderEventsController {

    private static final Logger log = LoggerFactory.getLogger(OrderEventsController.class);

    private final FindOrders orders;
    private final OrderStatusFeed feed;

    OrderEventsController(FindOrders orders, OrderStatusFeed feed) {
        this.orders = orders;
        this.feed = feed;
    }

    @GetMapping(path = "/orders/{orderId}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    ResponseEntity<SseEmitter> follow(
            @PathVariable @Pattern(regexp = Ids.PATTERN, message = Ids.MESSAGE) String orderId) throws Exception {
        if (orders.byId(orderId).isEmpty()) {
            throw OrderController.unknown(orderId);
        }
        SseEmitter emitter = new SseEmitter(feed.timeLimitMillis());
        Optional<AutoCloseable> following = feed.follow(orderId, new Client(emitter));
        if (following.isEmpty()) {
            throw tooMany();
        }
        AutoCloseable end = following.get();
        emitter.onCompletion(() -> close(end));
        emitter.onTimeout(emitter::complete);
        emitter.onError(error -> close(end));
        return ResponseEntity.ok()
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header("X-Accel-Buffering", "no")
                .body(emitter);
    }

    private static ErrorResponseException tooMany() {
        ErrorResponseException tooMany = new ErrorResponseException(
                HttpStatus.SERVICE_UNAVAILABLE,
                ProblemDetail.forStatusAndDetail(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "Too many clients follow orders now; ask for the order instead"),
                null);
        tooMany.getHeaders().set(HttpHeaders.RETRY_AFTER, "10");
        return tooMany;
    }

    private static void close(AutoCloseable following) {
        try {
            following.close();
        } catch (Exception e) {
            log.warn("A client's stream could not be closed", e);
        }
    }

    private record Client(SseEmitter emitter) implements OrderStatusFeed.Follower {

        @Override
        public boolean status(OrderStatusView view) {
            boolean last = view.status() == OrderStatus.CANCELLED || view.status() == OrderStatus.RETURNED;
            boolean there = send(SseEmitter.event()
                    .name("status")
                    .data(OrderResource.withoutAddress(view), MediaType.APPLICATION_JSON));
            if (there && last) {
                emitter.complete();
            }
            return there && !last;
        }

        @Override
        public boolean stillThere() {
            return send(SseEmitter.event().comment("still here"));
        }

        private boolean send(SseEmitter.SseEventBuilder event) {
            try {
                emitter.send(event);
                return true;
            } catch (IOException | IllegalStateException e) {
                log.debug("A client has left its stream", e);
                return false;
            }
        }
    }
}
