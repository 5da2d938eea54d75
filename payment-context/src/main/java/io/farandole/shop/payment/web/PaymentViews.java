package io.farandole.shop.payment.web;

import org.springframework.data.jpa.repository.JpaRepository;

/** The stored views. */
interface PaymentViews extends JpaRepository<PaymentView, String> {}
