package io.farandole.bench;

import io.farandole.provider.StandInProvider;
import java.net.URI;

/**
 * The payment service with the payment provider in the same JVM, asked by a method call, as the raw program has it. The provider also
 * listens where {@code PROVIDER_URL} says, for whoever checks its books.
 */
public final class PaymentProgram {

    private PaymentProgram() {}

    /** Serves until the process is ended. */
    public static void main(String[] arguments) throws Exception {
        StandInProvider provider =
                StandInProvider.start(URI.create(System.getenv("PROVIDER_URL")).getPort());
        var unused = OneJvmProgram.start("payment", System.getenv(), new PaymentsByCall(provider));
    }
}
