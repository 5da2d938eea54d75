package io.farandole.boot.web;

import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;

/**
 * Every error as a problem document (RFC 9457). Texts name fields and rules, never a value that came in, a class or a
 * statement: those are in the log, under the {@code incident} that the document of a defect names.
 */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE - 10)
class Problems extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(Problems.class);
    private static final String RETRY_SOON = "1";
    private static final String RETRY_LATER = "5";

    @Override
    protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(
            MethodArgumentNotValidException ex, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        ProblemDetail body = ProblemDetail.forStatusAndDetail(status, "The request is not valid; see errors");
        body.setProperty(
                "errors",
                ex.getAllErrors().stream().limit(20).map(Problems::error).toList());
        return handleExceptionInternal(ex, body, headers, status, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHandlerMethodValidationException(
            HandlerMethodValidationException ex, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        ProblemDetail body = ProblemDetail.forStatusAndDetail(status, "The request is not valid; see errors");
        body.setProperty(
                "errors",
                ex.getParameterValidationResults().stream()
                        .flatMap(result -> result.getResolvableErrors().stream()
                                .map(error -> error instanceof ObjectError objectError
                                        ? error(objectError)
                                        : Map.of(
                                                "field",
                                                String.valueOf(result.getMethodParameter()
                                                        .getParameterName()),
                                                "detail",
                                                String.valueOf(error.getDefaultMessage()))))
                        .limit(20)
                        .toList());
        return handleExceptionInternal(ex, body, headers, status, request);
    }

    private static Map<String, String> error(ObjectError error) {
        String field = error instanceof FieldError fieldError ? fieldError.getField() : error.getObjectName();
        return Map.of("field", field, "detail", String.valueOf(error.getDefaultMessage()));
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException ex, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        ProblemDetail body = ProblemDetail.forStatusAndDetail(status, unreadable(ex.getCause()));
        return handleExceptionInternal(ex, body, headers, status, request);
    }

    private static String unreadable(@Nullable Throwable cause) {
        if (cause instanceof StreamReadException broken) {
            return "The body is not JSON, at line " + broken.getLocation().getLineNr() + ", column "
                    + broken.getLocation().getColumnNr();
        }
        if (cause instanceof DatabindException misfit && !misfit.getPath().isEmpty()) {
            String path = misfit.getPath().stream()
                    .map(step -> step.getPropertyName() == null ? "[" + step.getIndex() + "]" : step.getPropertyName())
                    .collect(Collectors.joining("."));
            return "The body has a value of the wrong kind, or too large, at " + path;
        }
        return "The body is missing, or not JSON of the expected form";
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleNoResourceFoundException(
            NoResourceFoundException ex, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        ProblemDetail body = ProblemDetail.forStatusAndDetail(status, "There is nothing at this address");
        return handleExceptionInternal(ex, body, headers, status, request);
    }

    @ExceptionHandler
    @Nullable ResponseEntity<Object> handleUnknownAggregate(AggregateNotFoundException ex, WebRequest request) {
        return answer(ex, HttpStatus.NOT_FOUND, "What this request is about does not exist", null, request);
    }

    @ExceptionHandler
    @Nullable ResponseEntity<Object> handleAnythingElse(Exception ex, WebRequest request) {
        if (request instanceof ServletWebRequest servlet
                && servlet.getResponse() != null
                && servlet.getResponse().isCommitted()) {
            log.debug("A response that was under way has ended: {}", ex.toString());
            return null;
        }
        if (Conflicts.isConflict(ex)) {
            log.warn("A request gave up after repeated conflicts: {}", ex.toString());
            return answer(
                    ex,
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "Others were changing the same things at the same moment; nothing was done",
                    RETRY_SOON,
                    request);
        }
        if (Outages.isOutage(ex)) {
            log.warn("A request failed, for the database cannot be reached: {}", ex.toString());
            return answer(
                    ex,
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "The service cannot reach its database; it is unknown whether the request was carried out",
                    RETRY_LATER,
                    request);
        }
        String incident = UUID.randomUUID().toString();
        log.error("Incident {}: a request failed", incident, ex);
        ProblemDetail body = ProblemDetail.forStatusAndDetail(
                HttpStatus.INTERNAL_SERVER_ERROR, "Something is wrong with the service, not with the request");
        body.setProperty("incident", incident);
        return handleExceptionInternal(ex, body, new HttpHeaders(), HttpStatus.INTERNAL_SERVER_ERROR, request);
    }

    private @Nullable ResponseEntity<Object> answer(
            Exception ex, HttpStatus status, String detail, @Nullable String retryAfter, WebRequest request) {
        HttpHeaders headers = new HttpHeaders();
        if (retryAfter != null) {
            headers.set(HttpHeaders.RETRY_AFTER, retryAfter);
        }
        return handleExceptionInternal(ex, ProblemDetail.forStatusAndDetail(status, detail), headers, status, request);
    }
}
