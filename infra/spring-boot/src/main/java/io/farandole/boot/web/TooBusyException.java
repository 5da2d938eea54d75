package io.farandole.boot.web;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** More is waiting than may: a request is refused before anything is done; 503 with {@code Retry-After}. */
final class TooBusyException extends ErrorResponseException {

    private static final long serialVersionUID = 1L;

    private TooBusyException(String why, String retryAfterSeconds) {
        super(
                HttpStatus.SERVICE_UNAVAILABLE,
                ProblemDetail.forStatusAndDetail(
                        HttpStatus.SERVICE_UNAVAILABLE, why + "; nothing was done, ask again later"),
                null);
        getHeaders().set(HttpHeaders.RETRY_AFTER, retryAfterSeconds);
    }

    static TooBusyException waiting(int waitingAtMost) {
        return new TooBusyException(waitingAtMost + " requests are waiting already", "1");
    }

    static TooBusyException behind(long behindAtMost) {
        return new TooBusyException(
                "More than " + behindAtMost + " events wait to be worked on by what was accepted before", "5");
    }
}
