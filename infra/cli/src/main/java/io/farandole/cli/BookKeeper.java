package io.farandole.cli;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/** A context that tells what its books say. What it cannot answer ends the command. */
interface BookKeeper {

    /** The context's name. */
    String context();

    /** The kinds of account that it keeps; empty if it keeps no books. */
    Set<String> accounts();

    /** Digests of the parts that have statements of these kinds. */
    List<Part> digests(Set<String> kinds);

    /** What stands in some parts. */
    List<Statement> statements(Set<String> kinds, List<Integer> parts);

    /** Whether a saga, deadline or outside call of a process is still open here, or the process is set aside. */
    boolean isOpen(String processKey);

    /** What a part of all entries adds up to. */
    record Part(int part, long statements, String digest) {}

    /** What a context says of an entry. */
    record Statement(String entry, String account, long amount, Instant at, List<String> processes) {}
}
