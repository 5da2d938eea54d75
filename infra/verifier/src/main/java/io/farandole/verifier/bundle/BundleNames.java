package io.farandole.verifier.bundle;

import java.util.regex.Pattern;

/** What the files of a bundle are called. */
public final class BundleNames {

    /** Of the bundle as a whole. */
    public static final String MANIFEST = "manifest.json";

    /** Of the bundle as a whole. */
    public static final String SIGNATURE = "manifest.sig";

    /** For people. */
    public static final String PAGE = "index.html";

    private static final Pattern CONTEXT = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private BundleNames() {}

    /** Whether files can be named so. */
    public static boolean isContext(String name) {
        return CONTEXT.matcher(name).matches() && !name.equals("manifest") && !name.equals("index");
    }

    /** The events of a context, one to a line. */
    public static String events(String context) {
        return context + ".jsonl";
    }

    /** The seals and checkpoints that they hang on. */
    public static String proofs(String context) {
        return context + ".proofs.jsonl";
    }

    /** What the context says of the two. */
    public static String manifest(String context) {
        return context + ".manifest.json";
    }

    /** Its signature. */
    public static String signature(String context) {
        return context + ".manifest.sig";
    }
}
