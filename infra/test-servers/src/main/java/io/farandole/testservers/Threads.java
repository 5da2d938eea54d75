package io.farandole.testservers;

/** Daemon threads, so that a test that forgot to close something still ends. */
final class Threads {

    private Threads() {}

    static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
