package io.farandole.boot.operations;

import java.security.Principal;
import java.util.Set;

/** A service that has signed in, and the scopes of which it may have keys. */
record KeyGrant(String name, Set<String> scopes) implements Principal {

    KeyGrant {
        scopes = Set.copyOf(scopes);
    }

    @Override
    public String getName() {
        return name;
    }
}
