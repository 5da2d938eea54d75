package io.farandole.shop.payment.transfer;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.farandole.shop.payment.transfer.TransferCommand.RequestTransfer;
import io.farandole.shop.payment.transfer.bank.BankAccount;
import io.farandole.shop.payment.transfer.bank.Banks;
import jakarta.validation.Valid;
import java.math.BigDecimal;
import java.net.URI;
import java.sql.SQLException;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.common.IdentifierFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Takes transfers, and shows them. There are no such addresses where no banks are configured. */
@RestController
@WithBanks
@RequestMapping("/transfers")
class TransferController {

    private final CommandGateway commands;
    private final TransferViews views;
    private final Banks banks;
    private final XaRoad xa;

    TransferController(CommandGateway commands, TransferViews views, Banks banks, XaRoad xa) {
        this.commands = commands;
        this.views = views;
        this.banks = banks;
        this.xa = xa;
    }

    /** Takes a transfer; the answer is a ticket. The same id with the same content is the same transfer. */
    @PostMapping
    ResponseEntity<TransferTicket> request(@Valid @RequestBody TransferRequest request) {
        String id = request.transferId() == null
                ? IdentifierFactory.getInstance().generateIdentifier()
                : request.transferId();
        RequestTransfer command = request.toCommand(id, banks.names());
        if (command.mode() == TransferMode.XA && !xa.isOpen()) {
            throw TransferRequest.refused("mode", "XA is not switched on here; SAGA is");
        }
        Boolean same = commands.sendAndWait(command);
        if (Boolean.FALSE.equals(same)) {
            throw new ResponseStatusException(
                    HttpStatus.CONFLICT,
                    "Another transfer has the id " + id + ": accounts, amount or mode differ. Choose another id");
        }
        return ResponseEntity.accepted()
                .location(URI.create("/transfers/" + id))
                .body(new TransferTicket(id));
    }

    /** One transfer. */
    @GetMapping("/{transferId}")
    TransferAnswer one(@PathVariable String transferId) {
        return views.findById(transferId)
                .map(TransferAnswer::of)
                .orElseThrow(
                        () -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no transfer " + transferId));
    }

    /** What an account holds at its bank now. */
    @GetMapping("/accounts/{bank}/{account}")
    AccountAnswer account(@PathVariable String bank, @PathVariable String account) {
        try {
            return banks.account(new BankAccount(bank, account))
                    .map(it -> new AccountAnswer(
                            bank,
                            account,
                            it.currency(),
                            TransferRequest.decimal(it.balance(), it.currency()),
                            TransferRequest.decimal(it.held(), it.currency())))
                    .orElseThrow(() -> new ResponseStatusException(
                            HttpStatus.NOT_FOUND, "There is no account " + account + " at a bank " + bank));
        } catch (SQLException e) {
            throw new ResponseStatusException(
                    HttpStatus.SERVICE_UNAVAILABLE, "Bank " + bank + " does not answer: ask again later", e);
        }
    }

    /** What was accepted. */
    record TransferTicket(String transferId) {}

    /** A transfer; {@code reason} is why it was refused, or what a person has to look at. */
    record TransferAnswer(
            String transferId,
            TransferStatus status,
            TransferMode mode,
            BankAccount from,
            BankAccount to,
            String amount,
            String currency,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String reason) {

        static TransferAnswer of(TransferView view) {
            BigDecimal amount = view.amount().amount();
            return new TransferAnswer(
                    view.getId(),
                    view.status(),
                    view.mode(),
                    view.from(),
                    view.to(),
                    amount.toPlainString(),
                    view.amount().currency(),
                    view.reason());
        }
    }

    /** An account; {@code held} is the part of the balance that is held for transfers under way. */
    record AccountAnswer(String bank, String account, String currency, String balance, String held) {}
}
