package io.farandole.acceptance.crash;

import io.farandole.acceptance.shop.Customers;
import io.farandole.messaging.failpoint.Failpoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** What customers and operators do while services die, and which failpoints each service passes because of it, again and again. */
enum Story {
    /** Orders are confirmed and captured, and some of them returned. */
    FORWARD {
        @Override
        Wish wish(int number) {
            return new Wish(number % 10 == 0 ? "tok_slow" : "tok_ok", Customers.PLENTY, number % 10 == 5);
        }
    },

    /** Nothing goes well: payments are declined, captures fail, goods are missing, the provider is slower than the time limit, or down. */
    COMPENSATING {
        @Override
        Wish wish(int number) {
            return switch (number % 6) {
                case 0 -> new Wish("tok_declined", Customers.PLENTY, false);
                case 1 -> new Wish("tok_capture_fails", Customers.PLENTY, false);
                case 2 -> new Wish("tok_ok", Customers.NOTHING, false);
                case 3 -> new Wish("tok_slow", Customers.PLENTY, false);
                case 4 -> new Wish("tok_down", Customers.PLENTY, false);
                default -> new Wish("tok_flaky", Customers.PLENTY, true);
            };
        }
    },

    /** Stock cannot store anything about one product, now and then, and a person decides about the processes that fail. */
    OPERATED {
        @Override
        Wish wish(int number) {
            return new Wish("tok_ok", number % 2 == 0 ? Poison.PRODUCT : Customers.PLENTY, false);
        }
    };

    private static final Set<Failpoint> EVERYWHERE = EnumSet.of(
            Failpoint.LISTENER_RECEIVED,
            Failpoint.LISTENER_COMMITTED,
            Failpoint.LISTENER_ACKNOWLEDGED,
            Failpoint.RELAY_READ,
            Failpoint.RELAY_PUBLISHED,
            Failpoint.RELAY_CONFIRMED,
            Failpoint.RELAY_SAVED,
            Failpoint.UNIT_WRITING,
            Failpoint.UNIT_WRITTEN,
            Failpoint.UNIT_COMMITTED,
            Failpoint.SAGAS_WRITTEN,
            Failpoint.BATCH_READ,
            Failpoint.BATCH_HANDLED,
            Failpoint.BATCH_COMMITTED);

    private static final Set<Failpoint> POSTS = EnumSet.of(Failpoint.POST_WRITTEN, Failpoint.POST_COMMITTED);

    private static final Set<Failpoint> CALLS = EnumSet.of(
            Failpoint.OUTSIDE_CALL_CLAIMED,
            Failpoint.OUTSIDE_CALL_ANSWERED,
            Failpoint.OUTSIDE_RESULT_WRITTEN,
            Failpoint.OUTSIDE_RESULT_COMMITTED);

    private static final Set<Failpoint> TIME_LIMITS =
            EnumSet.of(Failpoint.DEADLINES_DUE, Failpoint.DEADLINES_WRITTEN, Failpoint.DEADLINES_COMMITTED);

    private static final Set<Failpoint> FAILURES = EnumSet.of(
            Failpoint.LISTENER_SET_ASIDE,
            Failpoint.PARKING_WRITTEN,
            Failpoint.PARKING_COMMITTED,
            Failpoint.RETRY_WRITTEN,
            Failpoint.RETRY_COMMITTED,
            Failpoint.RETRY_FAILED,
            Failpoint.RETRY_FAILURE_COMMITTED,
            Failpoint.QUEUE_END_WRITTEN,
            Failpoint.QUEUE_END_COMMITTED,
            Failpoint.DECISION_WRITTEN,
            Failpoint.DECISION_COMMITTED,
            Failpoint.INTERVENTION_WRITTEN,
            Failpoint.INTERVENTION_COMMITTED,
            Failpoint.GROUP_RETRY_WRITTEN,
            Failpoint.GROUP_RETRY_COMMITTED,
            Failpoint.ALERT_WRITTEN,
            Failpoint.ALERT_COMMITTED);

    private static final int MOST_PASSAGES = 3;

    /**
     * What a customer wants.
     *
     * @param regretted whether it is cancelled, or sent back, a few orders later
     */
    record Wish(String paymentToken, String product, boolean regretted) {}

    /** The wish of a customer. */
    abstract Wish wish(int number);

    /** What the services are told, beside what they need to find each other. */
    Map<String, String> environment() {
        return switch (this) {
            case FORWARD -> Map.of();
            case COMPENSATING -> Map.of("SHOP_ORDER_TIMELIMIT", "2s");
            case OPERATED -> Person.ENVIRONMENT;
        };
    }

    /** By service, where it can die in this story. */
    Map<String, Set<Failpoint>> failpoints() {
        return switch (this) {
            case FORWARD ->
                Map.of("order", union(EVERYWHERE, POSTS), "stock", EVERYWHERE, "payment", union(EVERYWHERE, CALLS));
            case COMPENSATING ->
                Map.of(
                        "order",
                        union(EVERYWHERE, POSTS, TIME_LIMITS),
                        "stock",
                        EVERYWHERE,
                        "payment",
                        union(EVERYWHERE, CALLS, EnumSet.of(Failpoint.OUTSIDE_CALL_POSTPONED)));
            case OPERATED -> Map.of("stock", FAILURES);
        };
    }

    @SafeVarargs
    private static Set<Failpoint> union(Set<Failpoint>... sets) {
        Set<Failpoint> all = EnumSet.noneOf(Failpoint.class);
        for (Set<Failpoint> each : sets) {
            all.addAll(each);
        }
        return all;
    }

    /**
     * By service, where it is to die one after the other; in an order and at passages that the random numbers say.
     *
     * @param most of each service
     */
    Map<String, List<CrashPoint>> crashes(Random random, int most) {
        Map<String, List<CrashPoint>> crashes = new TreeMap<>();
        for (Map.Entry<String, Set<Failpoint>> entry : new TreeMap<>(failpoints()).entrySet()) {
            List<CrashPoint> points = new ArrayList<>();
            for (Failpoint failpoint : EnumSet.copyOf(entry.getValue())) {
                points.add(new CrashPoint(entry.getKey(), failpoint, 1 + random.nextInt(MOST_PASSAGES)));
            }
            Collections.shuffle(points, random);
            crashes.put(entry.getKey(), List.copyOf(points.subList(0, Math.min(most, points.size()))));
        }
        return crashes;
    }
}
