package io.farandole.bench;

import io.farandole.bench.load.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Opens {@link GrowingShop}s, when quick one for several benchmarks. Used by one thread. */
final class GrowingShops {

    /** Nothing that waits is given up while it is measured. */
    static final List<String> PATIENT = List.of(
            "-Dshop.order.time-limit=7d",
            "-Dshop.payment.authorization-time-limit=6d",
            "-Dshop.stock.reservation-expiry=8d");

    private static @Nullable GrowingShop shared;

    private GrowingShops() {}

    /**
     * A shop with full shelves, whose services' Java machines have these options beside the usual ones. When quick, the one that the
     * benchmark before has left open, if it fits: its services are {@link #PATIENT}, and a proxy before the databases counts round
     * trips; closing leaves it open for the next benchmark, unless it is stopped.
     */
    static GrowingShop open(Settings settings, List<String> options, Predicate<GrowingShop> fits) throws Exception {
        Workload workload = settings.workload();
        List<String> all = new ArrayList<>(ThreeServices.javaOptions(settings));
        if (!settings.quick()) {
            all.addAll(options);
            GrowingShop own = new GrowingShop(workload, ShopOnTheBench.uncounted(all));
            settings.say("the shop is ready");
            return own;
        }
        GrowingShop left = shared;
        if (left != null && left.isRunning() && fits.test(left)) {
            return left;
        }
        endShared();
        all.addAll(PATIENT);
        GrowingShop opened = new GrowingShop(workload, new ShopOnTheBench(all, OneBroker.ifQuick(settings)));
        opened.keep(true);
        shared = opened;
        settings.say("the shop is ready");
        return opened;
    }

    /** Ends the one that has been left open for the next benchmark, if there is one. */
    static void endShared() {
        GrowingShop left = shared;
        shared = null;
        if (left != null) {
            left.keep(false);
            left.close();
        }
    }
}
