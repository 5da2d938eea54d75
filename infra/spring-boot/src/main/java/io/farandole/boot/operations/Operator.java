package io.farandole.boot.operations;

import java.security.Principal;

/** A person who has signed in with a name and password of {@code farandole.operations.operators}. */
record Operator(String name) implements Principal {

    @Override
    public String getName() {
        return name;
    }
}
