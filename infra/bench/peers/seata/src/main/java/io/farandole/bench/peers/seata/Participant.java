package io.farandole.bench.peers.seata;

/** Takes part in global transactions by one action, which it does in its own database. */
interface Participant {

    /** The action's name. */
    String action();
}
