package io.farandole.shop.payment.payroll.web;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.io.Serializable;

/** A payment's place: the payroll and its position in it. */
@Embeddable
record PaymentKey(@Column(name = "payroll") String payroll, @Column(name = "position") int position)
        implements Serializable {

    private static final long serialVersionUID = 1;
}
