package io.farandole.acceptance.checker;

/**
 * Something that must never be.
 *
 * @param invariant which one is broken, {@code I1} to {@code I8} or {@code I10}
 * @param subject the order, return, product or event that it is about
 * @param message what is wrong, with the evidence
 */
public record Violation(String invariant, String subject, String message) {

    @Override
    public String toString() {
        return invariant + " " + subject + ": " + message;
    }
}
