package io.farandole.shop.order.web;

/** Which texts are ids, from outside: short, and harmless in paths, logs and routing. */
final class Ids {

    /** Letters, digits, dot, underscore, hyphen; 1 to 100 of them; the first is a letter or digit. */
    static final String PATTERN = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";

    static final String MESSAGE =
            "has 1 to 100 letters, digits, dots, underscores or hyphens, and begins with a letter or digit";

    private Ids() {}
}
