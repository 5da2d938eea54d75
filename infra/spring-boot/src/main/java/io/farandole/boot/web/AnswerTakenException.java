package io.farandole.boot.web;

/** Another request with the same idempotency key committed first: this one's effect is rolled back, the other's answer is sent. */
class AnswerTakenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    AnswerTakenException() {
        super("Another request with the same Idempotency-Key was faster", null, false, false);
    }
}
