package io.farandole.boot.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.context.i18n.LocaleContext;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/**
 * A POST that waits to be run, and what its handler method finds on its thread, whichever thread that is: Spring's request
 * and locale contexts and the log's. Made by the request's own thread; run by one thread at a time.
 */
final class PostWork {

    private final HttpServletRequest request;
    private final @Nullable IdempotencyKey key;
    private final Callable<@Nullable Object> handler;
    private final Thread owner = Thread.currentThread();
    private final @Nullable RequestAttributes attributes = RequestContextHolder.getRequestAttributes();
    private final @Nullable LocaleContext locale = LocaleContextHolder.getLocaleContext();
    private final @Nullable Map<String, String> logContext = MDC.getCopyOfContextMap();
    private @Nullable Object answer;

    PostWork(HttpServletRequest request, @Nullable IdempotencyKey key, Callable<@Nullable Object> handler) {
        this.request = request;
        this.key = key;
        this.handler = handler;
    }

    HttpServletRequest request() {
        return request;
    }

    @Nullable IdempotencyKey key() {
        return key;
    }

    /** Calls the handler method, on any thread. */
    @Nullable Object call() throws Exception {
        if (Thread.currentThread() == owner) {
            return handler.call();
        }
        RequestAttributes othersAttributes = RequestContextHolder.getRequestAttributes();
        LocaleContext othersLocale = LocaleContextHolder.getLocaleContext();
        Map<String, String> othersLogContext = MDC.getCopyOfContextMap();
        RequestContextHolder.setRequestAttributes(attributes);
        LocaleContextHolder.setLocaleContext(locale);
        setLogContext(logContext);
        try {
            return handler.call();
        } finally {
            RequestContextHolder.setRequestAttributes(othersAttributes);
            LocaleContextHolder.setLocaleContext(othersLocale);
            setLogContext(othersLogContext);
        }
    }

    private static void setLogContext(@Nullable Map<String, String> context) {
        if (context == null) {
            MDC.clear();
        } else {
            MDC.setContextMap(context);
        }
    }

    /** What is answered, once it is committed. */
    void answered(@Nullable Object object) {
        this.answer = object;
    }

    @Nullable Object answer() {
        return answer;
    }
}
