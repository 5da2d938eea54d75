package io.farandole.axon;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Tells failures of one cause from those of another: 16 hexadecimal digits over the classes of the exception and its causes, and
 * the innermost frames of the application's code in the root cause. Without messages, line numbers, processors, and the numbers of generated
 * classes, so it is the same on every instance, for every process, and after a restart.
 */
final class Fingerprint {

    private static final int FRAMES = 5;
    private static final int DEEPEST_CAUSE = 30;
    private static final int BYTES = 8;

    private static final List<String> NOT_THE_APPLICATION = List.of(
            "java.",
            "javax.",
            "jakarta.",
            "jdk.",
            "sun.",
            "com.sun.",
            "org.springframework.",
            "org.axonframework.",
            "org.hibernate.",
            "org.postgresql.",
            "com.zaxxer.",
            "io.farandole.axon.",
            "io.farandole.saga.",
            "io.farandole.eventstore.",
            "io.farandole.messaging.",
            "io.farandole.boot.");

    /** Lambdas (also hidden classes), proxies, generated accessors and subclasses: what follows differs from JVM to JVM. */
    private static final Pattern GENERATED =
            Pattern.compile("(\\$\\$Lambda|\\$\\$[A-Za-z]*CGLIB\\$\\$|\\$HibernateProxy\\$"
                    + "|\\$Proxy|Generated(?:Method|Constructor)Accessor).*");

    private static final Pattern LAMBDA_METHOD = Pattern.compile("(lambda\\$.*\\$)\\d+");

    private Fingerprint() {}

    static String of(Throwable failure) {
        List<String> parts = new ArrayList<>();
        Throwable root = failure;
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable cause = failure; cause != null && seen.size() < DEEPEST_CAUSE && seen.add(cause); ) {
            parts.add(normalised(cause.getClass().getName()));
            root = cause;
            cause = cause.getCause();
        }
        // Where a stack overflows is chance.
        if (!(root instanceof StackOverflowError)) {
            parts.addAll(frames(root));
        }
        return hash(String.join("\n", parts));
    }

    private static List<String> frames(Throwable root) {
        List<String> own = innermost(Arrays.stream(root.getStackTrace())
                .filter(frame -> NOT_THE_APPLICATION.stream().noneMatch(frame.getClassName()::startsWith)));
        return own.isEmpty() ? innermost(Arrays.stream(root.getStackTrace())) : own;
    }

    private static List<String> innermost(Stream<StackTraceElement> frames) {
        return frames.limit(FRAMES)
                .map(frame -> normalised(frame.getClassName()) + "#"
                        + LAMBDA_METHOD.matcher(frame.getMethodName()).replaceFirst("$1"))
                .toList();
    }

    private static String normalised(String className) {
        return GENERATED.matcher(className).replaceFirst("$1");
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
