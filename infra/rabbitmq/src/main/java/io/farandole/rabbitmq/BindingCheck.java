package io.farandole.rabbitmq;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Compares the bindings of a context's exchange with the declared followers. {@code mandatory} tells only that
 * <em>nobody</em> receives an event; where two contexts follow it and one binding is gone, only this tells. Made by
 * {@link Topology#bindingCheck}.
 */
@FunctionalInterface
public interface BindingCheck {

    /**
     * Looks now, without blocking the caller.
     *
     * @return a sentence per missing binding, remedy included; fails if the broker cannot be asked
     */
    CompletionStage<List<String>> missing();
}
