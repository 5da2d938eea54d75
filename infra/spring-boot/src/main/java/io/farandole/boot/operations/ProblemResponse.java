package io.farandole.boot.operations;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import org.springframework.http.HttpStatus;

/** Errors that Spring MVC would leave to an error page, such as a body that is no JSON, as problem documents. */
class ProblemResponse extends HttpServletResponseWrapper {

    private final Refusal refusal;

    /** Writes one. */
    @FunctionalInterface
    interface Refusal {
        void write(Problem problem) throws IOException;
    }

    ProblemResponse(HttpServletResponse response, Refusal refusal) {
        super(response);
        this.refusal = refusal;
    }

    @Override
    public void sendError(int status) throws IOException {
        HttpStatus known = HttpStatus.resolve(status);
        HttpStatus told = known == null ? HttpStatus.INTERNAL_SERVER_ERROR : known;
        resetBuffer();
        refusal.write(Problem.of(
                told,
                told == HttpStatus.BAD_REQUEST
                        ? "The body is missing, or is not one JSON object of texts and numbers."
                        : "There is no such operation at this address: " + told.getReasonPhrase() + "."));
    }

    @Override
    public void sendError(int status, String message) throws IOException {
        sendError(status);
    }
}
