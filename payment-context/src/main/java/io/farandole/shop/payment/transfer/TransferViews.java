package io.farandole.shop.payment.transfer;

import java.util.Collection;
import java.util.List;
import org.springframework.data.jpa.repository.JpaRepository;

/** The stored views. */
interface TransferViews extends JpaRepository<TransferView, String> {

    List<TransferView> findAllByTransferIdIn(Collection<String> transferIds);
}
