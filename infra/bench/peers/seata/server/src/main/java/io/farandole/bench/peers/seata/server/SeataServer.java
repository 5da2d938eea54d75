package io.farandole.bench.peers.seata.server;

import io.seata.server.ServerApplication;
import java.io.IOException;

/** Starts Seata's server as it is, and ends with whoever started it. */
public final class SeataServer {

    private SeataServer() {}

    /** Configured by system properties. Halts at the end of standard input. */
    public static void main(String[] arguments) throws IOException {
        Thread watch = new Thread(SeataServer::haltAtEndOfInput, "end-of-input");
        watch.setDaemon(true);
        watch.start();
        ServerApplication.main(arguments);
    }

    private static void haltAtEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                continue;
            }
            Runtime.getRuntime().halt(0);
        } catch (IOException gone) {
            Runtime.getRuntime().halt(1);
        }
    }
}
