package io.farandole.acceptance.crash;

import io.farandole.messaging.failpoint.Failpoint;
import io.farandole.messaging.failpoint.FailpointListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * In a child process: ends it, without any farewell, when it passes a failpoint for the n-th time, and notes which failpoints it passes. It
 * is told where and when, before its start or while it runs, by the files of {@link CrashFiles}, whose place is in the environment. The services get it as a Java agent, which
 * puts it on their class path as it is; {@link AgentJar} makes the jar.
 */
public final class CrashingListener implements FailpointListener {

    private static final int KILLED = 137;
    private static final long LOOK_NANOS = 100_000_000L;

    private final CrashFiles files;
    private final AtomicInteger left = new AtomicInteger();
    private volatile @Nullable Failpoint deadly;
    private final Set<Failpoint> passed = ConcurrentHashMap.newKeySet();

    /** As the environment says. */
    public CrashingListener() throws IOException {
        String place = System.getenv(CrashFiles.PLACE);
        if (place == null) {
            throw new IllegalStateException(
                    "Set " + CrashFiles.PLACE + " to where the plan of this process is, or take its agent away");
        }
        this.files = new CrashFiles(Path.of(place));
        if (!isPlanned()) {
            Thread watch = new Thread(this::awaitPlan, "acceptance-crash-plan");
            watch.setDaemon(true);
            watch.start();
        }
    }

    private boolean isPlanned() {
        try {
            String[] plan = files.plan();
            if (plan.length == 0) {
                return false;
            }
            left.set(Integer.parseInt(plan[1]));
            deadly = Failpoint.valueOf(plan[0]);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitPlan() {
        while (!isPlanned()) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** An agent that does nothing: being on the class path is enough. */
    public static void premain(@Nullable String arguments) {}

    @Override
    public void reached(Failpoint failpoint) {
        try {
            if (passed.add(failpoint)) {
                Files.writeString(
                        files.census(), failpoint + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
            if (failpoint == deadly && left.decrementAndGet() == 0) {
                Files.writeString(files.death(), failpoint.name());
                Runtime.getRuntime().halt(KILLED);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
