package io.farandole.bench.peers.lra;

import static org.eclipse.microprofile.lra.annotation.ws.rs.LRA.LRA_HTTP_CONTEXT_HEADER;

import io.farandole.bench.load.Workload;
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

/** The shelves. Each step is one statement that commits by itself and may be repeated. Thread-safe. */
@Path("/reservations")
public class StockResource {

    private final Database database;

    StockResource(Database database, Workload workload) {
        this.database = database;
        database.execute(
                """
                create table product (
                    product_id text primary key,
                    available bigint not null check (available >= 0),
                    reserved bigint not null default 0 check (reserved >= 0),
                    sold bigint not null default 0)
                with (fillfactor = 50)""");
        database.execute(
                """
                create table reservation (
                    lra_id text primary key,
                    product_id text not null references product,
                    quantity int not null,
                    state text not null check (state in ('reserved', 'released', 'sold')))
                with (fillfactor = 70)""");
        database.update(
                "insert into product (product_id, available) select 'p-' || i, ? from generate_series(0, ?) i",
                Workload.PIECES,
                workload.items() - 1);
        database.execute("analyze product");
    }

    /** How many pieces of all products are where. */
    record Count(long available, long reserved, long sold) {}

    /** Holds pieces: yes, or no if there are too few. */
    @POST
    @LRA(value = LRA.Type.MANDATORY, end = false)
    public Response reserve(
            @HeaderParam(LRA_HTTP_CONTEXT_HEADER) String lra,
            @QueryParam("product") String productId,
            @QueryParam("quantity") int quantity) {
        int rows = database.update(
                """
                with shelf as (
                    update product set available = available - ?, reserved = reserved + ?
                    where product_id = ? and available >= ?
                      and not exists (select 1 from reservation where lra_id = ?)
                    returning product_id)
                insert into reservation (lra_id, product_id, quantity, state)
                select ?, product_id, ?, 'reserved' from shelf""",
                quantity,
                quantity,
                productId,
                quantity,
                lra,
                lra,
                quantity);
        return Response.ok(rows == 1 ? "yes" : "no").build();
    }

    /** The action is closed: the pieces are sold. */
    @PUT
    @Path("/complete")
    @Complete
    public Response sell(@HeaderParam(LRA_HTTP_CONTEXT_HEADER) String lra) {
        database.update(
                """
                with ended as (
                    update reservation set state = 'sold' where lra_id = ? and state = 'reserved'
                    returning product_id, quantity)
                update product set sold = sold + ended.quantity, reserved = reserved - ended.quantity
                from ended where product.product_id = ended.product_id""",
                lra);
        return Response.ok(ParticipantStatus.Completed.name()).build();
    }

    /** The action is cancelled: the pieces, if there were any, are back on the shelf. */
    @PUT
    @Path("/compensate")
    @Compensate
    public Response release(@HeaderParam(LRA_HTTP_CONTEXT_HEADER) String lra) {
        database.update(
                """
                with ended as (
                    update reservation set state = 'released' where lra_id = ? and state = 'reserved'
                    returning product_id, quantity)
                update product set available = available + ended.quantity, reserved = reserved - ended.quantity
                from ended where product.product_id = ended.product_id""",
                lra);
        return Response.ok(ParticipantStatus.Compensated.name()).build();
    }

    Count count() {
        return database.first(
                "select sum(available), sum(reserved), sum(sold) from product",
                row -> new Count(row.getLong(1), row.getLong(2), row.getLong(3)));
    }
}
