package io.farandole.boot.command;

import io.farandole.messaging.command.CommandInbox;
import io.farandole.messaging.command.CommandMetrics;
import io.micrometer.core.instrument.MeterRegistry;

/** What happens to commands, as Micrometer meters {@code farandole.commands.*}. */
class ObservedCommands implements CommandMetrics {

    private final MeterRegistry meters;

    ObservedCommands(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public void stored(CommandInbox.Receipt receipt) {
        count("accepted", receipt.accepted());
        count("refused", receipt.refused());
        count("duplicate", receipt.duplicates());
        count("id-reused", receipt.reused());
    }

    private void count(String as, int commands) {
        meters.counter("farandole.commands.received", "as", as).increment(commands);
    }

    @Override
    public void storeFailed() {
        meters.counter("farandole.commands.store.failures").increment();
    }

    @Override
    public void answered(String type, String outcome, String reason) {
        meters.counter("farandole.commands.answered", "type", type, "outcome", outcome, "reason", reason)
                .increment();
    }

    @Override
    public void batch(int commands) {
        meters.summary("farandole.commands.batch").record(commands);
    }

    @Override
    public void failed(String type) {
        meters.counter("farandole.commands.failures", "type", type).increment();
    }

    @Override
    public void replied() {
        meters.counter("farandole.commands.replies").increment();
    }

    @Override
    public void unroutable() {
        meters.counter("farandole.commands.replies.unroutable").increment();
    }
}
