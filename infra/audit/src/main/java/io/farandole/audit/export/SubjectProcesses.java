package io.farandole.audit.export;

import java.util.List;

/**
 * Which processes somebody or something has to do with, such as a customer's orders. A context provides a bean for each kind of
 * subject that it knows; then a subject's history can be asked for without naming its processes. Thread-safe.
 */
public interface SubjectProcesses {

    /** The kind of subject, in lower case, such as {@code customer}; one bean of a context for each. */
    String kind();

    /**
     * The process keys of a subject, in any order; empty if it is not known.
     *
     * @param most no more than so many are needed
     */
    List<String> processesOf(String subject, int most);
}
