package io.farandole.shop.order.tracking;

import io.farandole.audit.export.SubjectProcesses;
import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** A customer's processes are its orders; for auditors. Asked rarely: there is no index, which each order would pay for. */
@Component
class OrdersOfACustomer implements SubjectProcesses {

    private final OrderStatusViews views;

    OrdersOfACustomer(OrderStatusViews views) {
        this.views = views;
    }

    @Override
    public String kind() {
        return "customer";
    }

    @Override
    @Transactional(readOnly = true)
    public List<String> processesOf(String subject, int most) {
        return views.idsOf(subject, Limit.of(most));
    }
}
