package io.farandole.shop.payment.gateway;

import org.jspecify.annotations.Nullable;

/**
 * What the provider said.
 *
 * @param kind done, refused, or no definite answer
 * @param reason why it was refused or is unknown, for operators; null if it was done
 */
public record GatewayAnswer(Kind kind, @Nullable String reason) {

    /** How definite an answer is. */
    public enum Kind {
        /** The provider did what was asked. */
        DONE,
        /** The provider did nothing, and will not. */
        REFUSED,
        /** The provider may or may not have done it: ask again under the same key. */
        UNKNOWN
    }

    /** It was done. */
    public static GatewayAnswer done() {
        return new GatewayAnswer(Kind.DONE, null);
    }

    /** It was refused. */
    public static GatewayAnswer refused(String reason) {
        return new GatewayAnswer(Kind.REFUSED, reason);
    }

    /** Nobody knows. */
    public static GatewayAnswer unknown(String reason) {
        return new GatewayAnswer(Kind.UNKNOWN, reason);
    }
}
