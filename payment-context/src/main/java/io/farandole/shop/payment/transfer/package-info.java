/**
 * Transfers between accounts at two banks, each with a database of its own. A command makes an event of the
 * {@link io.farandole.shop.payment.transfer.Transfer}; a process asks the banks by outside calls, with no transaction of this
 * context's open; their answers come back as commands. So the journal never takes part in XA.
 *
 * <p>Mode XA, process {@code XaTransfer}: one call moves the money at both banks or at neither. Mode SAGA, process
 * {@code HeldTransfer}: hold, credit, take; release if it is not credited. The transfer alone decides; this is all it does:
 *
 * <pre>
 * step     done        refused                no answer in time      the banks contradict each other
 * xa       completed   refused                given up: cancel       set aside
 * cancel   completed   cancelled              set aside              set aside
 * hold     held        refused                given up: release      set aside
 * credit   credited    given up: release      set aside              set aside
 * take     completed   set aside              set aside              set aside
 * release  cancelled   set aside              set aside              set aside
 * </pre>
 *
 * <p>What is given up is settled at the payer's bank, whose part of the transfer is the decision: a late attempt finds it taken.
 * What is set aside is parked at once, with the sentence that says what the banks hold; nothing is guessed. Once a person has put it
 * right there, the decision {@code compensate} has the banks asked again.
 */
@NullMarked
package io.farandole.shop.payment.transfer;

import org.jspecify.annotations.NullMarked;
