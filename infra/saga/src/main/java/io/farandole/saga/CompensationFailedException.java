package io.farandole.saga;

/**
 * A participant refused to undo a step of a saga, as often as it was asked. The event that told of it is set aside with its process, and a
 * person decides.
 */
public final class CompensationFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CompensationFailedException(String saga, String processKey, String step, int attempts, String why) {
        super("The compensation of step '" + step + "' of saga " + saga + ", process " + processKey + ", was refused "
                + attempts + " times, by " + why
                + ". Mend what refuses it, and decide 'compensate' to have it asked for"
                + " again; or undo the step by hand, and decide 'resolve'; or leave it as it is, and decide 'skip'");
    }
}
