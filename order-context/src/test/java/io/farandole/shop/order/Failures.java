package io.farandole.shop.order;

import io.farandole.messaging.failpoint.Failpoint;
import io.farandole.messaging.failpoint.FailpointListener;
import io.farandole.shop.order.registration.KilledAfterSending;
import io.farandole.shop.order.web.Interruption;
import java.util.List;

/** What tests of this module let fail: found as a service, of which there may be one. */
public final class Failures implements FailpointListener {

    private static final List<FailpointListener> ALL = List.of(new KilledAfterSending(), new Interruption());

    @Override
    public void reached(Failpoint failpoint) {
        ALL.forEach(each -> each.reached(failpoint));
    }
}
