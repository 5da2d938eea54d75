package io.farandole.mailserver;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The mails received, in order, the latest thousands of them; and how often each address was tried. Thread-safe. */
final class Mailboxes {

    private static final int MOST = 20_000;

    private final Deque<ReceivedMail> mails = new ArrayDeque<>();
    private final Map<String, Integer> attempts = new HashMap<>();
    private final Clock clock;

    Mailboxes(Clock clock) {
        this.clock = clock;
    }

    synchronized void receive(String from, List<String> recipients, byte[] content) {
        for (String to : recipients) {
            mails.add(ReceivedMail.of(clock.instant(), from, to, content));
            if (mails.size() > MOST) {
                mails.remove();
            }
        }
    }

    /** Counts an attempt at an address; answers which one it is, beginning with 1. */
    synchronized int attempt(String address) {
        return attempts.merge(address, 1, Integer::sum);
    }

    synchronized int attempts(String address) {
        return attempts.getOrDefault(address, 0);
    }

    synchronized List<ReceivedMail> all() {
        return new ArrayList<>(mails);
    }
}
