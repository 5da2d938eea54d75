package io.farandole.boot;

/**
 * A setting is missing or unsafe: the start stops, with a sentence that names the property and a sentence that says what
 * to do.
 */
public final class FarandoleConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String action;

    /**
     * What is wrong, and what to do about it.
     *
     * @param problem names the property
     * @param action says what to set it to
     */
    public FarandoleConfigurationException(String problem, String action) {
        super(problem + " " + action);
        this.action = action;
    }

    /** What to do. */
    public String action() {
        return action;
    }
}
