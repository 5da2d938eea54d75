package io.farandole.shop.payment.payroll.web;

import io.farandole.shop.payment.payroll.OnBanks;
import io.farandole.shop.payment.payroll.SalaryCommand.GiveUpSalary;
import io.farandole.shop.payment.payroll.SalaryCommand.RetrySalary;
import io.farandole.shop.payment.payroll.SalaryPhase;
import java.net.URI;
import java.security.Principal;
import java.util.List;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Conditional;
import org.springframework.data.domain.Limit;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Payrolls. Each POST is one transaction and honours {@code Idempotency-Key}; what is answered has been committed. */
@RestController
@Conditional(OnBanks.class)
@RequestMapping("/payrolls")
class PayrollController {

    private static final int MOST = 1_000;
    private static final int LONGEST_REASON = 500;

    private final PayrollDesk desk;
    private final PayrollViews payrolls;
    private final PayrollPaymentViews payments;
    private final CommandGateway commands;

    PayrollController(PayrollDesk desk, PayrollViews payrolls, PayrollPaymentViews payments, CommandGateway commands) {
        this.desk = desk;
        this.payrolls = payrolls;
        this.payments = payments;
        this.commands = commands;
    }

    /** What whoever starts a payroll is answered: where to ask for it. */
    record Ticket(String globalId) {}

    /**
     * Some of a payroll's payments, in their order.
     *
     * @param next to be passed as {@code after}; null if there are no more
     */
    record Page(List<PayrollPaymentView.Shown> payments, @Nullable Integer next) {}

    /**
     * What a person decides about a payment that is stuck or refused.
     *
     * @param action {@code RETRY} asks its bank again, or to pay what it held no longer; {@code WRITE_OFF} gives it up
     * @param reason for the record
     */
    record Decision(@Nullable Action action, @Nullable String reason) {
        enum Action {
            RETRY,
            WRITE_OFF
        }
    }

    /** Starts a payroll. */
    @PostMapping
    ResponseEntity<Ticket> start(@RequestBody PayrollRequest request) {
        String globalId = desk.start(request);
        return ResponseEntity.accepted()
                .location(URI.create("/payrolls/" + globalId))
                .body(new Ticket(globalId));
    }

    /** Where a payroll stands. */
    @GetMapping("/{globalId}")
    PayrollResource one(@PathVariable String globalId) {
        return payrolls.findById(globalId)
                .map(row -> PayrollResource.of(row, payments.sums(globalId)))
                .orElseThrow(() -> PayrollProblem.notFound("There is no such payroll"));
    }

    /** Its payments, a page at a time; all are there to be read shortly after the payroll is. */
    @GetMapping("/{globalId}/payments")
    Page page(
            @PathVariable String globalId,
            @RequestParam(required = false) @Nullable SalaryPhase state,
            @RequestParam(defaultValue = "-1") int after,
            @RequestParam(defaultValue = "100") int limit) {
        if (limit < 1 || limit > MOST) {
            throw PayrollProblem.badRequest("limit must be 1 to " + MOST);
        }
        if (!payrolls.existsById(globalId)) {
            throw PayrollProblem.notFound("There is no such payroll");
        }
        List<PayrollPaymentView.Shown> page = (state == null
                        ? payments.findByKeyPayrollAndKeyPositionGreaterThanOrderByKeyPosition(
                                globalId, after, Limit.of(limit))
                        : payments.findByKeyPayrollAndStatusAndKeyPositionGreaterThanOrderByKeyPosition(
                                globalId, state, after, Limit.of(limit)))
                .stream().map(PayrollPaymentView::shown).toList();
        return new Page(
                page, page.size() < limit ? null : page.get(page.size() - 1).position());
    }

    /** A signed-in operator decides about a payment that waits for one. */
    @PostMapping("/{globalId}/payments/{branch}/decisions")
    ResponseEntity<Ticket> decide(
            @PathVariable String globalId,
            @PathVariable String branch,
            @RequestBody Decision decision,
            @Nullable Principal person) {
        if (person == null || person.getName().isBlank()) {
            throw PayrollProblem.unauthorized("Sign in as an operator (HTTP Basic)");
        }
        String reason = decision.reason();
        if (decision.action() == null || reason == null || reason.isBlank() || reason.length() > LONGEST_REASON) {
            throw PayrollProblem.badRequest("A decision has an action, RETRY or WRITE_OFF, and a reason of 1 to "
                    + LONGEST_REASON + " characters");
        }
        int position = payments.findByKeyPayrollAndBranch(globalId, branch)
                .map(row -> row.getId().position())
                .orElseThrow(() -> PayrollProblem.notFound("There is no such payment of such a payroll"));
        Boolean done = commands.sendAndWait(
                decision.action() == Decision.Action.RETRY
                        ? new RetrySalary(globalId, position, person.getName(), reason)
                        : new GiveUpSalary(globalId, position, person.getName(), reason));
        if (!Boolean.TRUE.equals(done)) {
            throw PayrollProblem.conflict("This payment does not wait for a decision (any more)");
        }
        return ResponseEntity.accepted()
                .location(URI.create("/payrolls/" + globalId))
                .body(new Ticket(globalId));
    }
}
