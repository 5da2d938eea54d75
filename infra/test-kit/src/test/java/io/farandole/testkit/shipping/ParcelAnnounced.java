package io.farandole.testkit.shipping;

/** Published: a parcel will be sent for an order. */
public record ParcelAnnounced(String orderId) {}
