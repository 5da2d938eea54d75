package io.farandole.shop.order.registration;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.repository.Repository;

/** The rows of {@code app.customer}. */
interface CustomerViews extends Repository<CustomerView, String> {

    CustomerView save(CustomerView view);

    Optional<CustomerView> findById(String customerId);

    List<CustomerView> findAllByCustomerIdIn(Collection<String> customerIds);
}
