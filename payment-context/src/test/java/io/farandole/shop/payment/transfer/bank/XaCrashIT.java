package io.farandole.shop.payment.transfer.bank;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.testservers.PostgresServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The coordinator is killed at every moment of a transfer, before and after each bank's PREPARE and COMMIT, and started again:
 * nothing stays prepared, and the transfer is done once (fault F16).
 */
class XaCrashIT {

    private static final long OPENING = 10_000;

    private final TwoBanks banks = new TwoBanks(PostgresServer.shared(), PostgresServer.shared());

    @AfterEach
    void closes() {
        banks.close();
    }

    @Test
    void aCoordinatorThatDiesAtAnyMomentLeavesNothingInDoubtAndTheTransferDoneOnce(@TempDir Path directory)
            throws Exception {
        List<TransferOrder> orders = new ArrayList<>();
        List<Process> dying = new ArrayList<>();
        for (int moment = 1; moment <= XaProgram.MOMENTS; moment++) {
            TransferOrder order = TwoBanks.order(
                    "t-" + moment,
                    banks.open("a", "payer-" + moment, "EUR", OPENING),
                    banks.open("b", "payee-" + moment, "EUR", 0),
                    1_000);
            orders.add(order);
            dying.add(begin(directory, order, moment));
        }
        List<String> where = new ArrayList<>();
        for (Process process : dying) {
            XaProgram.End end = XaProgram.end(process);
            assertThat(end.status()).as(end.output()).isEqualTo(XaProgram.HALTED);
            where.add(end.output()
                    .lines()
                    .filter(line -> line.startsWith("HALTED"))
                    .findFirst()
                    .orElse(""));
        }
        assertThat(where)
                .containsExactly(
                        "HALTED WORKED a",
                        "HALTED PREPARING a",
                        "HALTED PREPARED a",
                        "HALTED WORKED b",
                        "HALTED PREPARING b",
                        "HALTED PREPARED b",
                        "HALTED COMMITTING a",
                        "HALTED COMMITTED a",
                        "HALTED COMMITTING b",
                        "HALTED COMMITTED b");
        // Prepared and not decided: 3 at a; 4 and 5 at a; 6 at both. Decided: 7 at both, 8 at b, 9 at b.
        assertThat(banks.prepared()).isEqualTo(9);

        List<Process> restarted = new ArrayList<>();
        for (int moment = 1; moment <= XaProgram.MOMENTS; moment++) {
            restarted.add(begin(directory, orders.get(moment - 1), 0));
        }
        for (int i = 0; i < restarted.size(); i++) {
            XaProgram.End end = XaProgram.end(restarted.get(i));
            assertThat(end.output()).as(where.get(i)).contains("END DONE").contains("LISTENS AT 0\n");
        }
        assertThat(banks.faults()).isEmpty();
        for (TransferOrder order : orders) {
            assertThat(banks.balance(order.from())).as(order.transferId()).isEqualTo(OPENING - 1_000);
            assertThat(banks.balance(order.to())).as(order.transferId()).isEqualTo(1_000);
        }
    }

    private Process begin(Path directory, TransferOrder order, int dieAt) throws Exception {
        return XaProgram.begin(
                banks, directory.resolve(order.transferId()), "node-" + order.transferId(), order, dieAt);
    }
}
