package io.farandole.axon;

import java.sql.Connection;
import java.sql.ResultSet;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;

/**
 * Axon's {@link JdbcTokenStore}, which only the owner of a segment can write to. Axon's own (4.13) takes a claim back that
 * was lost meanwhile if nobody holds it at that moment, and then overwrites a token that others have advanced: an instance that
 * was paused for longer than the claim time-out would set the segment back and keep the effects of events that another
 * instance has handled too. Here it is refused, its transaction rolls back, and the segment starts again from the stored token.
 *
 * <p>The node id must differ between running instances, and must not be reused while an instance that had it may still be
 * paused somewhere: the default of Axon (process id and host name) or a random one. Thread-safe.
 */
public final class FencedTokenStore extends JdbcTokenStore {

    /** From Axon's own builder. */
    public FencedTokenStore(Builder builder) {
        super(builder);
    }

    @Override
    protected void updateToken(
            Connection connection, ResultSet resultSet, TrackingToken token, String processorName, int segment) {
        throw new UnableToClaimTokenException("Segment " + segment + " of processor " + processorName
                + " is not claimed by this instance any more; what it has done since is rolled back");
    }
}
