package io.farandole.bench.peers.lra;

import static org.eclipse.microprofile.lra.annotation.ws.rs.LRA.LRA_HTTP_CONTEXT_HEADER;

import io.farandole.bench.load.OrderSpec;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.lra.annotation.Compensate;
import org.eclipse.microprofile.lra.annotation.Complete;
import org.eclipse.microprofile.lra.annotation.ParticipantStatus;
import org.eclipse.microprofile.lra.annotation.ws.rs.LRA;

/**
 * The orders. Placing one is a long-running action that ends with the request: closed if the answer is a success, cancelled
 * otherwise. Each step may be repeated. Thread-safe.
 */
@Path("/orders")
public class OrderResource {

    private final Database database;
    private final Client client;
    private final String stockUrl;
    private final String paymentUrl;

    OrderResource(Database database, Client client, String stockUrl, String paymentUrl) {
        this.database = database;
        this.client = client;
        this.stockUrl = stockUrl;
        this.paymentUrl = paymentUrl;
        database.execute(
                """
                create table purchase (
                    order_id text primary key,
                    lra_id text not null unique,
                    customer_id text not null,
                    product_id text not null,
                    quantity int not null,
                    price_minor bigint not null,
                    state text not null check (state in ('placed', 'confirmed', 'cancelled')))
                with (fillfactor = 70)""");
    }

    /** How many orders are in which state. */
    record Count(long confirmed, long cancelled, long undecided) {}

    /** Places an order: 200 if stock and payment have agreed, 409 if not. */
    @POST
    @LRA(LRA.Type.REQUIRES_NEW)
    public Response place(
            @HeaderParam(LRA_HTTP_CONTEXT_HEADER) String lra,
            @QueryParam("id") String orderId,
            @QueryParam("customer") String customerId,
            @QueryParam("product") String productId,
            @QueryParam("token") String token) {
        database.update(
                "insert into purchase (order_id, lra_id, customer_id, product_id, quantity, price_minor, state)"
                        + " values (?, ?, ?, ?, ?, ?, 'placed')",
                orderId,
                lra,
                customerId,
                productId,
                OrderSpec.QUANTITY,
                OrderSpec.PRICE_MINOR);
        boolean agreed = ask(lra, stockUrl + "?product=" + productId + "&quantity=" + OrderSpec.QUANTITY)
                && ask(lra, paymentUrl + "?amount=" + OrderSpec.PRICE_MINOR + "&token=" + token);
        return Response.status(agreed ? Response.Status.OK : Response.Status.CONFLICT).build();
    }

    /** A refusal is an answer; anything but an answer fails the request, which cancels the action. */
    private boolean ask(String lra, String url) {
        try (Response response =
                client.target(url).request().header(LRA_HTTP_CONTEXT_HEADER, lra).post(Entity.text(""))) {
            if (response.getStatus() != Response.Status.OK.getStatusCode()) {
                throw new IllegalStateException(url + " answered " + response.getStatus());
            }
            return response.readEntity(String.class).equals("yes");
        }
    }

    /** The action is closed. */
    @PUT
    @Path("/complete")
    @Complete
    public Response confirm(@HeaderParam(LRA_HTTP_CONTEXT_HEADER) String lra) {
        database.update("update purchase set state = 'confirmed' where lra_id = ? and state = 'placed'", lra);
        return Response.ok(ParticipantStatus.Completed.name()).build();
    }

    /** The action is cancelled. */
    @PUT
    @Path("/compensate")
    @Compensate
    public Response cancel(@HeaderParam(LRA_HTTP_CONTEXT_HEADER) String lra) {
        database.update("update purchase set state = 'cancelled' where lra_id = ? and state = 'placed'", lra);
        return Response.ok(ParticipantStatus.Compensated.name()).build();
    }

    /** The order's state; null if there is no such order. */
    String state(String orderId) {
        return database.first("select state from purchase where order_id = ?", row -> row.getString(1), orderId);
    }

    Count count() {
        return database.first(
                """
                select count(*) filter (where state = 'confirmed'),
                       count(*) filter (where state = 'cancelled'),
                       count(*) filter (where state = 'placed')
                from purchase""",
                row -> new Count(row.getLong(1), row.getLong(2), row.getLong(3)));
    }
}
