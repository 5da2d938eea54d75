package io.farandole.boot.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a request's body up to the limit before anything else sees it; a larger one is answered with 413. So nobody parses
 * what is too large, and an idempotency key can be compared with the bytes that came.
 */
class BodyLimitFilter extends OncePerRequestFilter {

    /** A client that still sends is listened to for so many bytes, or it would see a reset instead of the answer. */
    private static final long DRAINED = 32L << 20;

    private final int limit;
    private final JsonMapper mapper;

    BodyLimitFilter(WebSettings settings, JsonMapper mapper) {
        this.limit = Math.toIntExact(settings.maxBody().toBytes());
        this.mapper = mapper;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getContentLengthLong() > limit) {
            refuse(request, response);
            return;
        }
        byte[] body = request.getInputStream().readNBytes(limit + 1);
        if (body.length > limit) {
            refuse(request, response);
        } else {
            chain.doFilter(new BufferedRequest(request, body), response);
        }
    }

    private void refuse(HttpServletRequest request, HttpServletResponse response) throws IOException {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(
                HttpStatus.CONTENT_TOO_LARGE, "A request's body has at most " + limit + " bytes here");
        response.setStatus(problem.getStatus());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.getOutputStream().write(mapper.writeValueAsBytes(problem));
        response.flushBuffer();
        if (request.getHeader("Expect") == null) {
            drain(request.getInputStream());
        }
    }

    private static void drain(ServletInputStream in) throws IOException {
        byte[] buffer = new byte[8192];
        long left = DRAINED;
        int read = in.read(buffer);
        while (read >= 0 && left > 0) {
            left -= read;
            read = in.read(buffer);
        }
    }

    /** The bytes of the request's body; empty where the filter did not see it. */
    static byte[] bodyOf(HttpServletRequest request) throws IOException {
        try (InputStream in = request.getInputStream()) {
            return in instanceof BufferedBody buffered ? buffered.bytes() : new byte[0];
        }
    }
}
