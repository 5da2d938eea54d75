/**
 * Two banks' databases, and the two ways to move money from one to the other.
 *
 * <p>{@link io.farandole.shop.payment.transfer.bank.XaTransfers}: both parts in one XA transaction. {@code prepare} makes each
 * bank's part durable and keeps its rows locked, which holds the money; {@code commit} moves it. This is what can go wrong, and
 * what follows:
 *
 * <pre>
 * a bank is down, or too slow, before it has prepared       both roll back; asked again
 * the coordinator dies before the decision is logged         each prepared part is rolled back by recovery (presumed abort)
 * the coordinator dies after that                            recovery commits both
 * a bank dies, or its answer is lost, after it has prepared  it keeps its part through the restart; recovery commits it
 * an operator rolls a prepared part back                     seen by the parts that the banks hold: IN_DOUBT, left to a person
 * asked again meanwhile                                      waits for the prepared part's key, up to the lock time-out
 * asked again afterwards                                     answered from the parts that both banks hold
 * </pre>
 *
 * <p>{@link io.farandole.shop.payment.transfer.bank.HeldTransfers}: four local transactions that a saga asks for one after the
 * other, hold, credit, and take or release, each repeatable.
 */
@NullMarked
package io.farandole.shop.payment.transfer.bank;

import org.jspecify.annotations.NullMarked;
