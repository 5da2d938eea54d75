package io.farandole.shop.order.tracking;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Tells followers of an order of every new status. Nobody holds a thread or a database connection: one thread asks the read
 * model for all followed orders at once, woken by changes of this instance as soon as they are committed, and at intervals
 * for those of other instances.
 *
 * <p>Delivery: each follower gets the status at the beginning, and each later one that is seen; two changes in quick
 * succession may be told as one. Thread-safe.
 */
@Component
public class OrderStatusFeed implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(OrderStatusFeed.class);

    private final OrderStatusViews views;
    private final FeedSettings settings;
    private final Map<String, CopyOnWriteArrayList<Following>> followed = new ConcurrentHashMap<>();
    private final AtomicInteger clients = new AtomicInteger();
    private final ScheduledExecutorService teller;

    OrderStatusFeed(OrderStatusViews views, FeedSettings settings) {
        this.views = views;
        this.settings = settings;
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "order-status-feed");
            thread.setDaemon(true);
            return thread;
        });
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.teller = executor;
        long poll = settings.poll().toMillis();
        var unused = executor.scheduleWithFixedDelay(this::tellAll, poll, poll, TimeUnit.MILLISECONDS);
    }

    /** How long one stream lasts, in milliseconds. */
    public long timeLimitMillis() {
        return settings.timeLimit().toMillis();
    }

    /**
     * Follows an order: the follower is told the current status soon, and each later one.
     *
     * @param follower is given each status on the feed's thread, so it must not block for long; false, or an exception, if
     *     it is gone: it is not told again
     * @return what ends the following; empty if there are too many followers already
     */
    public Optional<AutoCloseable> follow(String orderId, Follower follower) {
        if (clients.incrementAndGet() > settings.maxClients()) {
            clients.decrementAndGet();
            return Optional.empty();
        }
        Following following = new Following(orderId, follower);
        followed.compute(orderId, (id, list) -> {
            CopyOnWriteArrayList<Following> followers = list == null ? new CopyOnWriteArrayList<>() : list;
            followers.add(following);
            return followers;
        });
        wake(Set.of(orderId));
        return Optional.of(following);
    }

    /** One who is told. */
    public interface Follower {

        /** A status, new to this follower; false if it is gone. */
        boolean status(OrderStatusView view);

        /** Nothing new for a while; false if it is gone. */
        boolean stillThere();
    }

    /** Called in the transaction of a change; the followers are told after its commit. */
    void changed(String orderId) {
        if (!followed.containsKey(orderId)) {
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                wake(Set.of(orderId));
            }
        });
    }

    private void wake(Collection<String> orderIds) {
        try {
            teller.execute(() -> tell(orderIds));
        } catch (RejectedExecutionException e) {
            log.debug("The service is going down: followers of {} are not told", orderIds);
        }
    }

    private void tellAll() {
        if (!followed.isEmpty()) {
            tell(List.copyOf(followed.keySet()));
        }
    }

    private void tell(Collection<String> orderIds) {
        try {
            for (OrderStatusView view : views.findAllByOrderIdIn(orderIds)) {
                followersOf(view.getId()).forEach(following -> following.tell(view));
            }
        } catch (RuntimeException e) {
            log.warn("Followers could not be told now; the next attempt is in {}", settings.poll(), e);
        }
    }

    private List<Following> followersOf(String orderId) {
        return followed.getOrDefault(orderId, new CopyOnWriteArrayList<>());
    }

    @Override
    public void destroy() {
        teller.shutdownNow();
    }

    private final class Following implements AutoCloseable {

        private final String orderId;
        private final Follower follower;
        private @Nullable OrderStatus told;
        private boolean closed;
        private long spokenAt = System.nanoTime();

        Following(String orderId, Follower follower) {
            this.orderId = orderId;
            this.follower = follower;
        }

        /** On the feed's thread only. */
        void tell(OrderStatusView view) {
            boolean there = true;
            if (view.status() != told) {
                there = attempt(one -> one.status(view));
                told = view.status();
                spokenAt = System.nanoTime();
            } else if (System.nanoTime() - spokenAt > TimeUnit.SECONDS.toNanos(15)) {
                there = attempt(Follower::stillThere);
                spokenAt = System.nanoTime();
            }
            if (!there) {
                close();
            }
        }

        private boolean attempt(Predicate<Follower> word) {
            try {
                return word.test(follower);
            } catch (RuntimeException e) {
                log.debug("A follower of order {} is gone", orderId, e);
                return false;
            }
        }

        @Override
        public void close() {
            synchronized (this) {
                if (closed) {
                    return;
                }
                closed = true;
            }
            followed.computeIfPresent(orderId, (id, list) -> {
                list.remove(this);
                return list.isEmpty() ? null : list;
            });
            clients.decrementAndGet();
        }
    }
}
