package io.farandole.boot.web;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;

/** Keeps the table of remembered answers from growing for ever: every ten minutes, in small deletions of their own. */
class ForgetsOldAnswers implements InitializingBean, DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(ForgetsOldAnswers.class);
    private static final int BATCH = 1_000;

    private final RememberedAnswers answers;
    private final Duration window;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "farandole-forgets-old-answers");
        thread.setDaemon(true);
        return thread;
    });

    ForgetsOldAnswers(RememberedAnswers answers, Duration window) {
        this.answers = answers;
        this.window = window;
    }

    @Override
    public void afterPropertiesSet() {
        // The future is for cancelling; shutting the timer down does that.
        var unused = timer.scheduleWithFixedDelay(this::forget, 1, 10, TimeUnit.MINUTES);
    }

    private void forget() {
        try {
            int forgotten = BATCH;
            while (forgotten == BATCH && !timer.isShutdown()) {
                forgotten = answers.forgetOlderThan(window, BATCH);
            }
        } catch (RuntimeException e) {
            log.warn("Old answers could not be forgotten now; the next attempt is in ten minutes", e);
        }
    }

    @Override
    public void destroy() {
        timer.shutdownNow();
    }
}
