/**
 * Charging: what was requested, reserved, confirmed, cancelled and returned becomes calls to the provider, and their answers
 * become money taken or given back.
 *
 * <p>Three sagas carry what they hear to the {@link io.farandole.shop.payment.charging.Payment} as commands, and what it
 * starts to the provider as outside calls: {@code PaymentCollection} (forward), {@code PaymentReversal} (back),
 * {@code PaymentReturn} (a return, with a key of its own). The payment alone decides. This is all it does: situation, what
 * it is told, the events that follow, and the phase after them. Every other pair changes nothing: it came too late, or
 * again. A test holds this table against the code, and tries every pair.
 *
 * <p>A caller who conducts by itself says all at once ({@code Charges}): ordered is requested, reserved and confirmed in one. What follows
 * an order is not moved by callers.
 *
 * <p>What keeps money from hanging: a void is final at the provider and beats an authorisation that comes later, so a
 * cancellation need not wait for the authorisation's answer. A capture is never guessed: while it is unknown, cancellation
 * and return wait; after its time limit a void under its own key finds out, for the provider captures or voids, never both.
 * A void or refund that the provider refuses, or does not answer within its time limit, is a {@code SettlementFailed}: an
 * error in the log and in {@code GET /payments}, for a person.
 *
 * <pre>
 * new / requested:                           ChargeRequested -> collecting
 * new / ordered:                             ChargeOrdered, AuthorizationStarted -> authorizing
 * new / reserved:                            StockSecured -> collecting
 * new / confirmed:                           ChargeConfirmed -> collecting
 * new / cancelled:                           ChargeVoided -> voided
 * new / returned:                            ReturnRequested -> collecting
 * requested / reserved:                      StockSecured, AuthorizationStarted -> authorizing
 * requested / confirmed:                     ChargeConfirmed -> collecting
 * requested / cancelled:                     ChargeVoided -> voided
 * requested / returned:                      ReturnRequested -> collecting
 * reserved / requested:                      ChargeRequested, AuthorizationStarted -> authorizing
 * reserved / confirmed:                      ChargeConfirmed -> collecting
 * reserved / cancelled:                      ChargeVoided -> voided
 * reserved / returned:                       ReturnRequested -> collecting
 * confirmed-early / requested:               ChargeRequested -> collecting
 * confirmed-early / reserved:                StockSecured -> collecting
 * confirmed-early / cancelled:               ChargeVoided -> voided
 * confirmed-early / returned:                ReturnRequested -> collecting
 * returned-early / requested:                ChargeRequested -> collecting
 * returned-early / reserved:                 StockSecured -> collecting
 * returned-early / confirmed:                ChargeConfirmed -> collecting
 * returned-early / cancelled:                ChargeVoided, ReturnRefunded(0) -> voided
 * authorizing / confirmed:                   ChargeConfirmed -> authorizing
 * authorizing / cancelled:                   VoidStarted -> voiding
 * authorizing / returned:                    ReturnRequested -> authorizing
 * authorizing / authorize-done:              ChargeAuthorized -> authorized
 * authorizing / authorize-refused:           ChargeDeclined(declined) -> declined
 * authorizing / authorize-unknown:           ChargeDeclined(provider-unavailable), VoidStarted -> releasing
 * authorizing+confirmed / cancelled:         VoidStarted -> voiding
 * authorizing+confirmed / returned:          ReturnRequested -> authorizing
 * authorizing+confirmed / authorize-done:    ChargeAuthorized, CaptureStarted -> capturing
 * authorizing+confirmed / authorize-refused: ChargeDeclined(declined) -> declined
 * authorizing+confirmed / authorize-unknown: ChargeDeclined(provider-unavailable), VoidStarted -> releasing
 * authorizing+return / confirmed:            ChargeConfirmed -> authorizing
 * authorizing+return / cancelled:            VoidStarted -> voiding
 * authorizing+return / authorize-done:       ChargeAuthorized -> authorized
 * authorizing+return / authorize-refused:    ChargeDeclined(declined), ReturnRefunded(0) -> declined
 * authorizing+return / authorize-unknown:    ChargeDeclined(provider-unavailable), VoidStarted, ReturnRefunded(0) -> releasing
 * authorized / confirmed:                    CaptureStarted -> capturing
 * authorized / cancelled:                    VoidStarted -> voiding
 * authorized / returned:                     ReturnRequested -> authorized
 * authorized+return / confirmed:             CaptureStarted -> capturing
 * authorized+return / cancelled:             VoidStarted -> voiding
 * capturing / cancelled:                     ChargeCancelled -> capturing
 * capturing / returned:                      ReturnRequested -> capturing
 * capturing / capture-done:                  ChargeCaptured -> captured
 * capturing / capture-refused:               CaptureRefused, VoidStarted -> voiding
 * capturing / capture-unknown:               CaptureUnresolved -> resolving
 * capturing+cancelled / returned:            ReturnRequested -> capturing
 * capturing+cancelled / capture-done:        ChargeCaptured, RefundStarted -> refunding
 * capturing+cancelled / capture-refused:     VoidStarted -> voiding
 * capturing+cancelled / capture-unknown:     CaptureUnresolved -> resolving
 * capturing+return / cancelled:              ChargeCancelled -> capturing
 * capturing+return / capture-done:           ChargeCaptured, ReturnRefundStarted -> returning
 * capturing+return / capture-refused:        CaptureRefused, VoidStarted -> voiding
 * capturing+return / capture-unknown:        CaptureUnresolved -> resolving
 * resolving / cancelled:                     ChargeCancelled -> resolving
 * resolving / returned:                      ReturnRequested -> resolving
 * resolving / void-done:                     CaptureRefused, ChargeVoided -> voided
 * resolving / void-refused:                  ChargeCaptured -> captured
 * resolving / void-unknown:                  SettlementFailed -> resolving
 * resolving+cancelled / returned:            ReturnRequested -> resolving
 * resolving+cancelled / void-done:           ChargeVoided -> voided
 * resolving+cancelled / void-refused:        ChargeCaptured, RefundStarted -> refunding
 * resolving+cancelled / void-unknown:        SettlementFailed -> resolving
 * resolving+return / cancelled:              ChargeCancelled -> resolving
 * resolving+return / void-done:              CaptureRefused, ChargeVoided, ReturnRefunded(0) -> voided
 * resolving+return / void-refused:           ChargeCaptured, ReturnRefundStarted -> returning
 * resolving+return / void-unknown:           SettlementFailed -> resolving
 * captured / cancelled:                      RefundStarted -> refunding
 * captured / returned:                       ReturnRefundStarted -> returning
 * returning / cancelled:                     ChargeCancelled -> returning
 * returning / refund-done:                   ReturnRefunded(990) -> refunded
 * returning / refund-refused:                SettlementFailed -> returning
 * returning / refund-unknown:                SettlementFailed -> returning
 * returning+cancelled / refund-done:         ReturnRefunded(990), ChargeRefunded(0) -> refunded
 * returning+cancelled / refund-refused:      SettlementFailed -> returning
 * returning+cancelled / refund-unknown:      SettlementFailed -> returning
 * refunding / returned:                      ReturnRequested -> refunding
 * refunding / refund-done:                   ChargeRefunded(990) -> refunded
 * refunding / refund-refused:                SettlementFailed -> refunding
 * refunding / refund-unknown:                SettlementFailed -> refunding
 * refunding+return / refund-done:            ChargeRefunded(990), ReturnRefunded(0) -> refunded
 * refunding+return / refund-refused:         SettlementFailed -> refunding
 * refunding+return / refund-unknown:         SettlementFailed -> refunding
 * refunded / returned:                       ReturnRefunded(0) -> refunded
 * returned / cancelled:                      ChargeRefunded(0) -> refunded
 * voiding / returned:                        ReturnRequested -> voiding
 * voiding / void-done:                       ChargeVoided -> voided
 * voiding / void-refused:                    SettlementFailed -> voiding
 * voiding / void-unknown:                    SettlementFailed -> voiding
 * voiding+return / void-done:                ChargeVoided, ReturnRefunded(0) -> voided
 * voiding+return / void-refused:             SettlementFailed -> voiding
 * voiding+return / void-unknown:             SettlementFailed -> voiding
 * voiding+refused / returned:                ReturnRequested -> voiding
 * voiding+refused / void-done:               ChargeVoided -> voided
 * voiding+refused / void-refused:            SettlementFailed -> voiding
 * voiding+refused / void-unknown:            SettlementFailed -> voiding
 * voided / returned:                         ReturnRefunded(0) -> voided
 * voided-early / returned:                   ReturnRefunded(0) -> voided
 * declined / returned:                       ReturnRefunded(0) -> declined
 * releasing / returned:                      ReturnRefunded(0) -> releasing
 * releasing / void-done:                     AuthorizationReleased -> declined
 * releasing / void-refused:                  SettlementFailed -> releasing
 * releasing / void-unknown:                  SettlementFailed -> releasing
 * released / returned:                       ReturnRefunded(0) -> declined
 * </pre>
 */
@NullMarked
package io.farandole.shop.payment.charging;

import org.jspecify.annotations.NullMarked;
