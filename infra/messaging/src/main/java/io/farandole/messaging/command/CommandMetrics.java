package io.farandole.messaging.command;

/**
 * Is told what happens to commands. Called on the threads that do it: implementations must be quick and must not throw. Every method
 * does nothing by default.
 */
public interface CommandMetrics {

    /** Observes nothing. */
    CommandMetrics NONE = new CommandMetrics() {};

    /** A batch is durable. */
    default void stored(CommandInbox.Receipt receipt) {}

    /** A batch could not be stored; it is tried again. */
    default void storeFailed() {}

    /** A command was answered for good; {@code reason} is empty if it was carried out. */
    default void answered(String type, String outcome, String reason) {}

    /** So many were carried out in one transaction. */
    default void batch(int commands) {}

    /** A command failed; it is tried again, or refused at last. */
    default void failed(String type) {}

    /** The broker has a reply. */
    default void replied() {}

    /** There is no queue where a reply should go: it is not sent again by itself. */
    default void unroutable() {}
}
