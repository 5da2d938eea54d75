package io.farandole.shop.order.coordination;

/** Asks the participants, later and outside any transaction: each request joins the current step's transaction. */
interface ParticipantCalls {

    /**
     * Asks for a step; answered by {@link CoordinationCommand.RecordAnswer}.
     *
     * @param attempt which one: the same step and number again are the same call
     */
    void ask(CoordinationStep step, ParticipantRequest request, int attempt);
}
