package io.farandole.boot.web;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** More requests wait than may: this one is refused before anything is done; 503 with {@code Retry-After}. */
final class TooBusyException extends ErrorResponseException {

    private static final long serialVersionUID = 1L;

    TooBusyException(int waitingAtMost) {
        super(
                HttpStatus.SERVICE_UNAVAILABLE,
                ProblemDetail.forStatusAndDetail(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        waitingAtMost + " requests are waiting already; nothing was done, ask again"),
                null);
        getHeaders().set(HttpHeaders.RETRY_AFTER, "1");
    }
}
