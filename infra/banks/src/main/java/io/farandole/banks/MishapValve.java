package io.farandole.banks;

import io.farandole.banks.Deed.Mishap;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

/** What happens to answers on their way, once all is done and committed. */
final class MishapValve extends ValveBase {

    static final String MISHAP = "io.farandole.banks.mishap";

    private static final byte[] PAGE =
            "<html><body><h1>Welcome to our bank</h1></body></html>".getBytes(StandardCharsets.UTF_8);

    private final Slowness slowness;

    MishapValve(Slowness slowness) {
        this.slowness = slowness;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        getNext().invoke(request, response);
        if (!(request.getAttribute(MISHAP) instanceof Mishap mishap)) {
            return;
        }
        switch (mishap) {
            case LATE -> pause();
            case LOST ->
                response.getCoyoteResponse()
                        .action(ActionCode.CLOSE_NOW, new IOException("This account's bank dies before it answers"));
            case GARBLED -> {
                response.reset();
                response.setContentType("text/html");
                response.getOutputStream().write(PAGE);
            }
            case NONE -> {}
        }
    }

    private void pause() throws IOException {
        try {
            if (!slowness.pause()) {
                throw new InterruptedIOException("Stopped before a late answer");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Stopped before a late answer");
        }
    }
}
