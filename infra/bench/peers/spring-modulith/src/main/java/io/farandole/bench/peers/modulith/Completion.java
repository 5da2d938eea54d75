package io.farandole.bench.peers.modulith;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Tells who waits for an order once its end is committed. */
public final class Completion {

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

    /** To be told at the commit of the current transaction. */
    public void completeAfterCommit(String orderId, boolean confirmed) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                CompletableFuture<Boolean> end = waiting.remove(orderId);
                if (end != null) {
                    end.complete(confirmed);
                }
            }
        });
    }
}
