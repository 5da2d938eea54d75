package io.farandole.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Tries again. */
@Command(
        name = "retry",
        mixinStandardHelpOptions = true,
        description = "Has the failed event handled again at once, with all its attempts before it.")
final class RetryCommand implements Callable<Integer> {

    @Mixin
    private final Deciding deciding;

    RetryCommand(Surroundings surroundings) {
        this.deciding = new Deciding(surroundings);
    }

    @Override
    public Integer call() {
        Service service = deciding.service();
        return deciding.decide(service, "RETRY", deciding.event(deciding.look(service)));
    }
}
