package io.farandole.bench.peers.lra;

import static org.eclipse.microprofile.lra.annotation.ws.rs.LRA.LRA_HTTP_CONTEXT_HEADER;

import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.lra.annotation.Compensate;
import org.eclipse.microprofile.lra.annotation.Complete;
import org.eclipse.microprofile.lra.annotation.ParticipantStatus;
import org.eclipse.microprofile.lra.annotation.ws.rs.LRA;

/**
 * The charges; the payment provider answers in-process. Each step is one statement that commits by itself and may be repeated.
 * Thread-safe.
 */
@Path("/charges")
public class PaymentResource {

    /** The token that the provider declines. */
    static final String DECLINED_TOKEN = "tok_declined";

    private final Database database;

    PaymentResource(Database database) {
        this.database = database;
        database.execute(
                """
                create table charge (
                    lra_id text primary key,
                    amount_minor bigint not null,
                    state text not null check (state in ('authorised', 'captured', 'voided', 'declined')))
                with (fillfactor = 70)""");
    }

    /** How much money is in which state. */
    record Count(long capturedMinor, long authorisedMinor) {}

    /** Asks the provider: yes, or no if it declines. */
    @POST
    @LRA(value = LRA.Type.MANDATORY, end = false)
    public Response authorise(
            @HeaderParam(LRA_HTTP_CONTEXT_HEADER) String lra,
            @QueryParam("amount") long amountMinor,
            @QueryParam("token") String token) {
        boolean accepted = !token.equals(DECLINED_TOKEN);
        database.update(
                "insert into charge (lra_id, amount_minor, state) values (?, ?, ?)",
                lra,
                amountMinor,
                accepted ? "authorised" : "declined");
        return Response.ok(accepted ? "yes" : "no").build();
    }

    /** The action is closed: the money is captured. */
    @PUT
    @Path("/complete")
    @Complete
    public Response capture(@HeaderParam(LRA_HTTP_CONTEXT_HEADER) String lra) {
        database.update("update charge set state = 'captured' where lra_id = ? and state = 'authorised'", lra);
        return Response.ok(ParticipantStatus.Completed.name()).build();
    }

    /** The action is cancelled: what was authorised, if anything, is void. */
    @PUT
    @Path("/compensate")
    @Compensate
    public Response voidCharge(@HeaderParam(LRA_HTTP_CONTEXT_HEADER) String lra) {
        database.update("update charge set state = 'voided' where lra_id = ? and state = 'authorised'", lra);
        return Response.ok(ParticipantStatus.Compensated.name()).build();
    }

    Count count() {
        return database.first(
                """
                select coalesce(sum(amount_minor) filter (where state = 'captured'), 0),
                       coalesce(sum(amount_minor) filter (where state = 'authorised'), 0)
                from charge""",
                row -> new Count(row.getLong(1), row.getLong(2)));
    }
}
