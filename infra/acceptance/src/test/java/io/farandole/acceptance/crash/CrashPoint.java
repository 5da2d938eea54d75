package io.farandole.acceptance.crash;

import io.farandole.messaging.failpoint.Failpoint;

/**
 * Where a service is to die.
 *
 * @param passage how many times it passes the failpoint, counted from its start, the last one included
 */
record CrashPoint(String service, Failpoint failpoint, int passage) {

    @Override
    public String toString() {
        return service + " at " + failpoint + ", passage " + passage;
    }
}
