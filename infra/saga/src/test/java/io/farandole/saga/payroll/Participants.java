package io.farandole.saga.payroll;

import io.farandole.saga.payroll.PayrollMessages.BookPayroll;
import io.farandole.saga.payroll.PayrollMessages.FundsReleased;
import io.farandole.saga.payroll.PayrollMessages.FundsReserved;
import io.farandole.saga.payroll.PayrollMessages.PaySalaries;
import io.farandole.saga.payroll.PayrollMessages.PayTaxes;
import io.farandole.saga.payroll.PayrollMessages.PayrollBooked;
import io.farandole.saga.payroll.PayrollMessages.PayrollCommand;
import io.farandole.saga.payroll.PayrollMessages.PayrollEvent;
import io.farandole.saga.payroll.PayrollMessages.ReclaimSalaries;
import io.farandole.saga.payroll.PayrollMessages.ReclaimTaxes;
import io.farandole.saga.payroll.PayrollMessages.ReleaseFunds;
import io.farandole.saga.payroll.PayrollMessages.ReserveFunds;
import io.farandole.saga.payroll.PayrollMessages.SalariesPaid;
import io.farandole.saga.payroll.PayrollMessages.SalariesReclaimed;
import io.farandole.saga.payroll.PayrollMessages.TaxesPaid;
import io.farandole.saga.payroll.PayrollMessages.TaxesReclaimed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.eventhandling.EventBus;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * What does the work of a payroll: each command is answered by an event in the journal, in the command's transaction. The answers can be
 * replaced, by an exception or by none. Thread-safe.
 */
public final class Participants {

    private static final Map<Class<?>, Function<String, @Nullable PayrollEvent>> USUAL = new LinkedHashMap<>();

    static {
        USUAL.put(ReserveFunds.class, id -> new FundsReserved(id, "r-" + id));
        USUAL.put(PaySalaries.class, SalariesPaid::new);
        USUAL.put(PayTaxes.class, TaxesPaid::new);
        USUAL.put(BookPayroll.class, PayrollBooked::new);
        USUAL.put(ReleaseFunds.class, FundsReleased::new);
        USUAL.put(ReclaimSalaries.class, SalariesReclaimed::new);
        USUAL.put(ReclaimTaxes.class, TaxesReclaimed::new);
    }

    private final EventBus events;
    private final Map<Class<?>, Function<String, @Nullable PayrollEvent>> answers = new ConcurrentHashMap<>();
    private final Queue<PayrollCommand> asked = new ConcurrentLinkedQueue<>();

    public Participants(CommandBus commands, EventBus events) {
        this.events = events;
        USUAL.forEach((command, usual) -> {
            answers.put(command, usual);
            commands.subscribe(command.getName(), message -> {
                answer((PayrollCommand) message.getPayload());
                return null;
            });
        });
    }

    /** From now on a command is answered so: by an event, by none if it is null, or by what is thrown. */
    public void answer(Class<? extends PayrollCommand> command, Function<String, @Nullable PayrollEvent> answer) {
        answers.put(command, answer);
    }

    /** From now on a command is answered as it would be without further word. */
    public void answerAsUsual(Class<? extends PayrollCommand> command) {
        Function<String, @Nullable PayrollEvent> usual = USUAL.getOrDefault(command, id -> {
            throw new IllegalArgumentException("No such command: " + command);
        });
        answers.put(command, usual);
    }

    /** What was asked for by transactions that committed, for one payroll, by name and in order. */
    public List<String> asked(String payrollId) {
        return asked.stream()
                .filter(command -> command.payrollId().equals(payrollId))
                .map(command -> command.getClass().getSimpleName())
                .toList();
    }

    private void answer(PayrollCommand command) {
        PayrollEvent event =
                answers.getOrDefault(command.getClass(), id -> null).apply(command.payrollId());
        if (event != null) {
            String id = UUID.randomUUID().toString();
            events.publish(new GenericDomainEventMessage<>("Participant", id, 0, event));
        }
        UnitOfWork<?> root = CurrentUnitOfWork.get().root();
        List<PayrollCommand> together = root.getOrComputeResource(Participants.class.getName(), key -> {
            List<PayrollCommand> all = new ArrayList<>();
            root.afterCommit(unit -> asked.addAll(all));
            return all;
        });
        together.add(command);
    }
}
