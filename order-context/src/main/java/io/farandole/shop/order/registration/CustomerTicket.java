package io.farandole.shop.order.registration;

/** What is answered at once: which customer, and where the welcome mail stands now. */
record CustomerTicket(String customerId, MailState welcomeMail) {}
