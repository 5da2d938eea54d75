package io.farandole.participant;

import java.util.regex.Pattern;

/**
 * Names one branch of a global transaction at one participant.
 *
 * @param participant whose branch it is; tells apart participants that share a database, and is empty where there is one only
 * @param globalId of the global transaction
 * @param branchId unique within the global transaction at this participant
 */
public record Branch(String participant, String globalId, String branchId) {

    /** Most characters of an id. */
    public static final int MAX_LENGTH = 128;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:~-]{1," + MAX_LENGTH + "}");

    /**
     * Checks the ids.
     *
     * @throws IllegalArgumentException if one is not 1 to {@value #MAX_LENGTH} letters, digits and {@code . _ : ~ -}
     */
    public Branch {
        if (!participant.isEmpty()) {
            check("participant", participant);
        }
        check("global id", globalId);
        check("branch id", branchId);
    }

    private static void check(String what, String id) {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("The " + what + " must be 1 to " + MAX_LENGTH
                    + " letters, digits and . _ : ~ -, and it has " + id.length()
                    + " characters, or one that is none of these");
        }
    }

    @Override
    public String toString() {
        return (participant.isEmpty() ? "" : participant + "/") + globalId + "/" + branchId;
    }
}
