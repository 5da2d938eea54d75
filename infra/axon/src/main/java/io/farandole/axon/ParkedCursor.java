package io.farandole.axon;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;

/** Where a page of parked processes ended: the key of its last row. As text it is fit for a URL. */
record ParkedCursor(Instant at, String processor, String processKey) {

    private static final int PARTS = 3;

    /** @throws IllegalArgumentException if it is not from a page */
    static ParkedCursor parse(String text) {
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split("\0", -1);
            if (parts.length == PARTS) {
                return new ParkedCursor(
                        Instant.EPOCH.plus(Long.parseLong(parts[0]), ChronoUnit.MICROS), parts[1], parts[2]);
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' does not come from a page of this list", e);
        }
        throw new IllegalArgumentException("'" + text + "' does not come from a page of this list");
    }

    /** The database's times are of microseconds; a NUL is in none of its texts. */
    @Override
    public String toString() {
        String text = ChronoUnit.MICROS.between(Instant.EPOCH, at) + "\0" + processor + "\0" + processKey;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
