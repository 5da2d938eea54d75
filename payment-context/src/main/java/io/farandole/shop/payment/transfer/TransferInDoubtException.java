package io.farandole.shop.payment.transfer;

/** Parks a transfer that a person has to look at; its message is the sentence that the person reads. */
final class TransferInDoubtException extends RuntimeException {

    TransferInDoubtException(String transferId, TransferStep step, String text) {
        super("Transfer " + transferId + ", step " + step + ": " + text
                + " (decide 'compensate' to have the banks asked again)");
    }
}
