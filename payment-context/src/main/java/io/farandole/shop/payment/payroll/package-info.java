/**
 * Payroll: a company's account is debited once, and up to ten thousand employees are paid at their banks, some at a time; or what was
 * paid is taken back, and the company has its money again.
 *
 * <p>Four things act. The {@code CompanyAccount} is touched at the start and at the end only. The {@code Payroll} is started, stopped and
 * settled. Each {@code Salary}, a payment to one employee, decides for itself what its bank's answer means. And the saga {@code
 * PayrollRun} counts: all events of a payroll are one process, which it hears in their order; its state has one size for one employee and
 * for ten thousand. Starting and debiting are one transaction, and so are settling and crediting. Answers of banks that come together are
 * recorded together.
 *
 * <p><b>Order.</b> Payments are begun in the order in which they were asked for; up to {@code shop.payroll.window} of them are under way at
 * once, and each bank is asked so many at once as it is configured for. With several under way, the order in which they end is nobody's
 * to choose. So <em>reverse order</em> means: nothing is taken back while anything is under way; then the payment begun last is taken back
 * first, each one after the one before has ended ({@code shop.payroll.reversal-window}, 1); the company's account comes last. A larger
 * reversal window is faster and gives up that order among as many neighbours.
 *
 * <p><b>Books.</b> At any time {@code debited = credited + paid + shortfall + outstanding}, and once a payroll is settled nothing is
 * outstanding. The company is credited with exactly what is neither the employees' nor missing; what a bank gives back later, because a
 * person had it asked again, is credited then. What is written off stays in the shortfall.
 *
 * <p><b>What goes wrong, and what follows</b> ({@code R}: policy {@code REVERSE}, {@code G}: {@code GO_ON}, {@code H}: {@code HOLD}):
 *
 * <pre>
 * bank away, answers 5xx, late, nonsense,        asked again under the same ids, with back-off, until the payment time limit:
 *   or an error with status 200                  then R, H: stopped, and taken back; G: asked until the payroll expires
 * bank acts, and dies before it answers          asked again: its barrier gives the first answer
 * bank refuses a payment                         R, H: stopped; G: the others go on, and this one waits for a person: retry (under another
 *                                                branch id, for a bank repeats its refusal for ever) or give up
 * time limit of a payment passed                 unresolved, so taken back too: the bank takes it back, or notes that it must not come
 *                                                any more; one that comes afterwards is refused by the bank's barrier
 * payroll expires while payments are under way   no more are begun; those under way are waited for, and taken back if they succeed; G keeps
 *                                                what was paid, takes back what is unresolved and drops what was refused; H, once all
 *                                                is held: nothing, for everything will be paid
 * bank does not give back: no funds              stuck at once, with what is lacking: the shortfall, for a person: retry or write off.
 *                                                The others are taken back, and the company is credited, without waiting for it
 * bank does not give back: no answer             asked again until the settlement time limit, then stuck
 * taking back comes before the payment           the bank's barrier: nothing to do, and the payment is refused when it comes
 * this service is killed, at any point           every step is one transaction, every question is asked again under its ids: nothing lost,
 *                                                nothing doubled
 * the same answer recorded twice                 the salary knows the number of its open question: the second changes nothing
 * company account too low, unknown, other        refused, with nothing begun
 *   currency, bad input
 * same global id again                           the same payroll: the same answer; another one: refused
 * initiator's server away                        told again with back-off until its time limit, then given up visibly; the payroll has
 *                                                ended long before
 * a person decides what is no longer to be       refused
 *   decided
 * </pre>
 */
@NullMarked
package io.farandole.shop.payment.payroll;

import org.jspecify.annotations.NullMarked;
