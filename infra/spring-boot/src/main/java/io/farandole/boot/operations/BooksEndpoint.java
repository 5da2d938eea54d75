package io.farandole.boot.operations;

import io.farandole.audit.reconcile.Books;
import io.farandole.audit.reconcile.PartDigest;
import io.farandole.audit.reconcile.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.http.HttpStatus;

/**
 * This context's books, for a comparison with those of others. {@code GET /actuator/books}: the accounts that it keeps; {@code
 * .../digests?accounts=}: digests of parts of the entries; {@code .../statements?accounts=&parts=}: what stands in some parts.
 */
@WebEndpoint(id = BooksEndpoint.ID)
class BooksEndpoint {

    static final String ID = "books";

    private final Books books;

    BooksEndpoint(Books books) {
        this.books = books;
    }

    /** The kinds of account that are kept. */
    record Accounts(Set<String> accounts) implements OperationResponseBody {}

    /** Parts that have statements. */
    record Digests(List<PartDigest> parts) implements OperationResponseBody {}

    /** What the books say. */
    record Statements(List<Statement> statements, boolean cut) implements OperationResponseBody {}

    @ReadOperation
    public WebEndpointResponse<Object> accounts(SecurityContext security) {
        return SignedIn.run(
                security, person -> new WebEndpointResponse<>(new Accounts(new TreeSet<>(books.accounts()))));
    }

    @ReadOperation
    public WebEndpointResponse<Object> ask(
            SecurityContext security, @Selector String what, @Nullable String accounts, @Nullable String parts) {
        return SignedIn.run(security, person -> {
            List<String> kinds = List.of(Input.required("accounts", accounts).split(",", -1));
            return switch (what) {
                case "digests" -> new WebEndpointResponse<>(new Digests(books.digests(kinds)));
                case "statements" -> {
                    List<Statement> statements = books.statements(kinds, numbers(parts));
                    yield new WebEndpointResponse<>(new Statements(statements, statements.size() == Books.MOST));
                }
                default ->
                    Problem.of(HttpStatus.NOT_FOUND, "There is digests and statements to ask for, not " + what + ".")
                            .response();
            };
        });
    }

    private static List<Integer> numbers(@Nullable String parts) {
        return Arrays.stream(Input.required("parts", parts).split(",", -1))
                .map(part -> Input.number("parts", part, 0, 0, Books.PARTS - 1))
                .toList();
    }
}
