package io.farandole.shop.order.registration;

import io.farandole.messaging.PersonalData;
import io.farandole.shop.order.registration.CustomerCommand.CorrectEmail;
import io.farandole.shop.order.registration.CustomerCommand.RegisterCustomer;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import java.net.URI;
import java.util.function.Supplier;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.common.IdentifierFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Customers. The POST is one transaction and honours {@code Idempotency-Key}; what is answered has been committed. */
@RestController
@WhereMailIsSent
@RequestMapping("/customers")
class CustomerController {

    private static final String SCOPE = "registration";
    private static final String ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";
    private static final String NO_ID =
            "has 1 to 100 letters, digits, dots, underscores or hyphens, and begins with a letter or digit";

    private final CommandGateway commands;
    private final FindCustomers customers;
    private final PersonalData personal;
    private final ClaimKey claimKey;
    private final EmailClaims claims;
    private final OperatorDecisions decisions;

    CustomerController(
            CommandGateway commands,
            FindCustomers customers,
            PersonalData personal,
            ClaimKey claimKey,
            EmailClaims claims,
            OperatorDecisions decisions) {
        this.commands = commands;
        this.customers = customers;
        this.personal = personal;
        this.claimKey = claimKey;
        this.claims = claims;
        this.decisions = decisions;
    }

    /** Registers a customer, who is sent one welcome mail; 409 if the address is registered already. */
    @PostMapping
    ResponseEntity<CustomerTicket> register(@Valid @RequestBody RegistrationRequest request) {
        String customerId = IdentifierFactory.getInstance().generateIdentifier();
        EmailAddress email = EmailAddress.parse(request.email());
        EmailDigest digest = claimKey.digest(email);
        if (claims.isTaken(digest)) {
            throw taken(new AddressTakenException());
        }
        refusing(() -> commands.sendAndWait(new RegisterCustomer(
                customerId,
                digest,
                personal.seal(customerId, SCOPE, email.text()),
                personal.seal(customerId, SCOPE, request.name()))));
        return ResponseEntity.accepted()
                .location(URI.create("/customers/" + customerId))
                .body(new CustomerTicket(customerId, MailState.PENDING));
    }

    /** Corrects the address, and has a welcome mail sent there that has failed; one that was sent is not sent again. */
    @PutMapping("/{customerId}/email")
    ResponseEntity<CustomerTicket> correct(
            @PathVariable @Pattern(regexp = ID, message = NO_ID) String customerId,
            @Valid @RequestBody EmailRequest request) {
        CustomerView before = customers.byId(customerId).orElseThrow(() -> unknown(customerId));
        if (personal.open(before.email()).isErased()) {
            throw new ResponseStatusException(HttpStatus.GONE, "This customer is erased: register again");
        }
        EmailAddress email = EmailAddress.parse(request.email());
        refusing(() -> commands.sendAndWait(
                new CorrectEmail(customerId, claimKey.digest(email), personal.seal(customerId, SCOPE, email.text()))));
        decisions.goOn(customerId, "registration", "the address was corrected");
        MailState state = customers
                .byId(customerId)
                .orElseThrow(() -> unknown(customerId))
                .mailState();
        return ResponseEntity.accepted()
                .location(URI.create("/customers/" + customerId))
                .body(new CustomerTicket(customerId, state));
    }

    /** One customer, and where the welcome mail stands. */
    @GetMapping("/{customerId}")
    CustomerResource one(@PathVariable @Pattern(regexp = ID, message = NO_ID) String customerId) {
        return customers.resource(customerId).orElseThrow(() -> unknown(customerId));
    }

    private static void refusing(Supplier<Object> command) {
        try {
            Object unused = command.get();
        } catch (AddressTakenException e) {
            throw taken(e);
        }
    }

    private static ResponseStatusException taken(AddressTakenException reason) {
        return new ResponseStatusException(HttpStatus.CONFLICT, reason.getMessage(), reason);
    }

    private static ResponseStatusException unknown(String customerId) {
        return new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no customer " + customerId);
    }
}
