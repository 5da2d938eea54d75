package io.farandole.boot.operations;

import java.security.Principal;
import java.util.Optional;

/** Who can sign in with a name and a password. Thread-safe. */
interface Passwords {

    /** Whether nobody can. */
    boolean isEmpty();

    /** What to do if nobody can: a sentence. */
    String whatToSet();

    /** Who it is, if the password is right. */
    Optional<Principal> signIn(String name, String password);
}
