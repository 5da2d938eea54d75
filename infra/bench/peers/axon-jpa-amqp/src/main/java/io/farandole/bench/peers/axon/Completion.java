package io.farandole.bench.peers.axon;

import io.farandole.bench.peers.axon.Events.OrderCancelled;
import io.farandole.bench.peers.axon.Events.OrderConfirmed;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.jspecify.annotations.Nullable;

/** Tells who waits for an order once its end is committed. */
final class Completion {

    private final Map<String, CompletableFuture<Boolean>> waiting = new ConcurrentHashMap<>();

    CompletableFuture<Boolean> expect(String orderId) {
        CompletableFuture<Boolean> end = new CompletableFuture<>();
        waiting.put(orderId, end);
        return end;
    }

    void failed(String orderId, Throwable failure) {
        CompletableFuture<Boolean> end = waiting.remove(orderId);
        if (end != null) {
            end.completeExceptionally(failure);
        }
    }

    /** Subscribed to the order context's event store, within the unit of work that appends. */
    void onEvents(List<? extends EventMessage<?>> events) {
        for (EventMessage<?> event : events) {
            if (event.getPayload() instanceof OrderConfirmed confirmed) {
                completeAfterCommit(confirmed.orderId(), true);
            } else if (event.getPayload() instanceof OrderCancelled cancelled) {
                completeAfterCommit(cancelled.orderId(), false);
            }
        }
    }

    private void completeAfterCommit(String orderId, boolean confirmed) {
        CurrentUnitOfWork.get().root().afterCommit(committed -> {
            @Nullable CompletableFuture<Boolean> end = waiting.remove(orderId);
            if (end != null) {
                end.complete(confirmed);
            }
        });
    }
}
