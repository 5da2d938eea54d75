package io.farandole.rabbitmq;

/** Names of the AMQP headers. The CloudEvents attributes follow its AMQP binding; the rest is ours. */
final class WireHeaders {

    static final String CE_SPECVERSION = "cloudEvents:specversion";
    static final String CE_ID = "cloudEvents:id";
    static final String CE_SOURCE = "cloudEvents:source";
    static final String CE_TYPE = "cloudEvents:type";
    static final String CE_SUBJECT = "cloudEvents:subject";
    static final String CE_TIME = "cloudEvents:time";
    static final String CE_DATACONTENTTYPE = "cloudEvents:datacontenttype";

    static final String PROCESS_KEY = "farandole-process-key";
    static final String SEQUENCE = "farandole-sequence";
    static final String CORRELATION_ID = "farandole-correlation-id";
    static final String CAUSATION_ID = "farandole-causation-id";
    static final String TRACEPARENT = "traceparent";
    static final String KEY_ID = "farandole-key-id";

    /** What the listener adds to a message that it sets aside. */
    static final String REASON = "farandole-reason";

    static final String DETAIL = "farandole-detail";
    static final String UNHANDLED_ID = "farandole-unhandled-id";
    static final String SET_ASIDE_AT = "farandole-set-aside-at";
    static final String ORIGINAL_EXCHANGE = "farandole-original-exchange";
    static final String ORIGINAL_ROUTING_KEY = "farandole-original-routing-key";
    static final String ORIGINAL_USER_ID = "farandole-original-user-id";
    static final String ORIGINAL_EXPIRATION = "farandole-original-expiration";
    static final String PUT_BACK_BY = "farandole-put-back-by";

    private WireHeaders() {}
}
