package io.farandole.shop.payment.transfer.bank;

import io.farandole.shop.payment.transfer.bank.XaMoments.Moment;
import java.util.Base64;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.jboss.tm.XAResourceWrapper;
import org.jspecify.annotations.Nullable;

/**
 * A bank's part in an XA transaction: the driver's resource, with a name that the log keeps and recovery knows again, and with an
 * error told as what it is.
 *
 * <p>{@code COMMIT PREPARED} and {@code ROLLBACK PREPARED} either succeed or leave the transaction prepared; nothing in between
 * exists. But where a session is ended while it executes one of them (57P01, a server that shuts down), the driver answers
 * {@code XAER_RMERR}, and the coordinator takes that for a rollback, hence for a heuristic outcome that it never looks at again.
 * Here it is {@code XAER_RMFAIL}: nobody knows, recovery asks again. Used by one thread, and by the one that ends what takes too long.
 */
final class XaBranch implements XAResourceWrapper {

    private final XAResource resource;
    private final String bank;
    private final XaMoments moments;
    private @Nullable String branch;
    private volatile boolean finished;

    XaBranch(XAResource resource, String bank, XaMoments moments) {
        this.resource = resource;
        this.bank = bank;
        this.moments = moments;
    }

    /** What PostgreSQL's names of all branches of this transaction begin with, as the driver makes them. */
    String branch() {
        if (branch == null) {
            throw new IllegalStateException("The branch at " + bank + " has not been started");
        }
        return branch;
    }

    /** Whether the bank has said that it has committed or rolled back; otherwise recovery has it to finish. */
    boolean isFinished() {
        return finished;
    }

    @Override
    public void start(Xid xid, int flags) throws XAException {
        resource.start(xid, flags);
        branch = xid.getFormatId() + "_" + Base64.getEncoder().encodeToString(xid.getGlobalTransactionId()) + "_";
    }

    @Override
    public void end(Xid xid, int flags) throws XAException {
        moments.reached(Moment.WORKED, bank);
        resource.end(xid, flags);
    }

    @Override
    public int prepare(Xid xid) throws XAException {
        moments.reached(Moment.PREPARING, bank);
        int vote = resource.prepare(xid);
        moments.reached(Moment.PREPARED, bank);
        return vote;
    }

    @Override
    public void commit(Xid xid, boolean onePhase) throws XAException {
        moments.reached(Moment.COMMITTING, bank);
        try {
            resource.commit(xid, onePhase);
        } catch (XAException e) {
            throw onePhase ? e : unlessDefinite(e);
        }
        finished = true;
        moments.reached(Moment.COMMITTED, bank);
    }

    @Override
    public void rollback(Xid xid) throws XAException {
        try {
            resource.rollback(xid);
        } catch (XAException e) {
            throw unlessDefinite(e);
        }
        finished = true;
    }

    private static XAException unlessDefinite(XAException e) {
        if (e.errorCode != XAException.XAER_RMERR) {
            return e;
        }
        XAException nobodyKnows = new XAException(XAException.XAER_RMFAIL);
        nobodyKnows.initCause(e);
        return nobodyKnows;
    }

    @Override
    public Xid[] recover(int flags) throws XAException {
        return resource.recover(flags);
    }

    @Override
    public void forget(Xid xid) throws XAException {
        resource.forget(xid);
    }

    /** Every branch is a transaction of its own, also two at the same bank. */
    @Override
    public boolean isSameRM(XAResource other) {
        return other == this;
    }

    @Override
    public int getTransactionTimeout() throws XAException {
        return resource.getTransactionTimeout();
    }

    @Override
    public boolean setTransactionTimeout(int seconds) throws XAException {
        return resource.setTransactionTimeout(seconds);
    }

    @Override
    public XAResource getResource() {
        return resource;
    }

    @Override
    public String getProductName() {
        return "PostgreSQL";
    }

    @Override
    public String getProductVersion() {
        return "";
    }

    /** Under this name the log remembers which bank it was; no JNDI is involved. */
    @Override
    public String getJndiName() {
        return bank;
    }

    @Override
    public String toString() {
        return "bank " + bank;
    }
}
