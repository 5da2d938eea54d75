package io.farandole.shop.payment.transfer.bank;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * The coordinator of XA transactions.
 *
 * @param objectStore a directory of this instance alone, on a disk that survives it: the decisions are logged there
 * @param node this instance's name in every branch that it prepares: 1 to 28 letters, digits, dots, dashes. No two instances
 *     have the same, and an instance keeps its own
 * @param recoveryPeriod from one look for what is in doubt to the next
 * @param orphanAfter how long a branch of this node that no log tells of has to be seen before it is rolled back
 */
public record XaSettings(Path objectStore, String node, Duration recoveryPeriod, Duration orphanAfter) {

    private static final Pattern NODE = Pattern.compile("[A-Za-z0-9.-]{1,28}");

    /** Where nothing is configured: every 10 s, and 20 s. */
    public static final Duration RECOVERY_PERIOD = Duration.ofSeconds(10);

    /** See {@link #orphanAfter}. */
    public static final Duration ORPHAN_AFTER = Duration.ofSeconds(20);

    public XaSettings {
        if (!NODE.matcher(node).matches() || node.getBytes(StandardCharsets.UTF_8).length > 28) {
            throw new IllegalArgumentException(
                    "shop.transfer.node is 1 to 28 letters, digits, dots and dashes, not '" + node + "'");
        }
        if (recoveryPeriod.toMillis() < 1 || orphanAfter.toMillis() < 1) {
            throw new IllegalArgumentException("shop.transfer.recovery-period and orphan-after must be positive");
        }
    }
}
