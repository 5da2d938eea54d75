package io.farandole.bench.load;

import java.util.ArrayList;
import java.util.List;

/**
 * What a contender's tables say at rest.
 *
 * @param confirmed orders that are confirmed
 * @param cancelled orders that are cancelled
 * @param undecided orders that are neither
 * @param received pieces that were put on the shelves, all products together
 * @param available pieces that are on the shelves and free
 * @param reserved pieces that are held for an order
 * @param sold pieces that are sold
 * @param capturedMinor money that was captured and not refunded, in cents
 * @param openAuthorisedMinor money that is authorised and neither captured nor voided, in cents
 */
public record Books(
        long confirmed,
        long cancelled,
        long undecided,
        long received,
        long available,
        long reserved,
        long sold,
        long capturedMinor,
        long openAuthorisedMinor) {

    /** What is wrong with the books after so many orders of the workload, from number 0 on; empty if nothing is. */
    public List<String> faults(Workload workload, long orders) {
        return faults(workload, 0, orders);
    }

    /** What is wrong with the books after so many orders of the workload, from the first number on; empty if nothing is. */
    public List<String> faults(Workload workload, long firstNumber, long orders) {
        long declined = workload.declined(firstNumber, orders);
        List<String> faults = new ArrayList<>();
        expect(faults, "confirmed orders", orders - declined, confirmed);
        expect(faults, "cancelled orders", declined, cancelled);
        expect(faults, "pieces received", workload.pieces(), received);
        faults.addAll(faults());
        return List.copyOf(faults);
    }

    /** What does not fit within the books, whatever was ordered; empty if everything does. */
    public List<String> faults() {
        List<String> faults = new ArrayList<>();
        expect(faults, "undecided orders", 0, undecided);
        expect(faults, "pieces held for an order", 0, reserved);
        expect(faults, "pieces sold (one per confirmed order)", confirmed * OrderSpec.QUANTITY, sold);
        expect(faults, "pieces available or sold (all that were received)", received, available + sold);
        expect(
                faults,
                "cents captured (the price per confirmed order)",
                confirmed * OrderSpec.PRICE_MINOR,
                capturedMinor);
        expect(faults, "cents authorised and left open", 0, openAuthorisedMinor);
        return List.copyOf(faults);
    }

    private static void expect(List<String> faults, String what, long expected, long actual) {
        if (expected != actual) {
            faults.add(what + ": " + actual + " instead of " + expected);
        }
    }
}
