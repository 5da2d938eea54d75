package io.farandole.mailserver;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.subethamail.smtp.MessageContext;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.server.Session;

/** One connection, which may bring several mails, one after the other. Used by its own thread. */
final class Delivery implements MessageHandler {

    private final MessageContext context;
    private final Mailboxes mailboxes;
    private final Duration slowness;
    private final CountDownLatch stopped;
    private final List<String> recipients = new ArrayList<>();
    private String sender = "";

    Delivery(MessageContext context, Mailboxes mailboxes, Duration slowness, CountDownLatch stopped) {
        this.context = context;
        this.mailboxes = mailboxes;
        this.slowness = slowness;
        this.stopped = stopped;
    }

    @Override
    public void from(String from) {
        sender = from;
        recipients.clear();
    }

    @Override
    public void recipient(String to) throws RejectException {
        int attempt = mailboxes.attempt(to);
        switch (Behaviour.of(to)) {
            case BUSY -> throw new RejectException(451, "4.2.1 <" + to + "> is busy, try again later");
            case GREYLISTED -> {
                if (attempt <= 2) {
                    throw new RejectException(451, "4.7.1 Greylisted, try again later");
                }
            }
            case UNKNOWN -> throw new RejectException(550, "5.1.1 <" + to + "> there is no such mailbox");
            case RELAY_DENIED -> throw new RejectException(550, "5.7.1 <" + to + "> relaying is denied");
            default -> {}
        }
        recipients.add(to);
    }

    /** Reads the mail to its end, so that what follows is an answer to the final dot. */
    @Override
    public String data(InputStream data) throws RejectException, IOException {
        byte[] content = data.readAllBytes();
        Behaviour behaviour = Behaviour.of(recipients.get(0));
        if (behaviour == Behaviour.SPAM) {
            throw new RejectException(554, "5.7.0 The content is refused");
        }
        mailboxes.receive(sender, recipients, content);
        if (behaviour == Behaviour.CUT && mailboxes.attempts(recipients.get(0)) == 1) {
            ((Session) context).closeSocket();
            throw new IOException("The connection is closed before the answer, as the address wants it");
        }
        if (behaviour == Behaviour.SLOW) {
            awaitSlowness();
        }
        return "250 2.0.0 Ok";
    }

    private void awaitSlowness() throws IOException {
        try {
            if (stopped.await(slowness.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("The server stops");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("The server stops", e);
        }
    }

    @Override
    public void done() {}
}
