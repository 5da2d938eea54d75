package io.farandole.boot.operations;

import io.farandole.boot.web.Outages;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.RequestPath;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ServletRequestPathUtils;
import tools.jackson.databind.json.JsonMapper;

/**
 * Lets nobody to the endpoints for operations but a person who has signed in: by the application's own security, which has run
 * before and whose principal counts, or with an operator's name and password (HTTP Basic).
 *
 * <p>Against forged requests of other sites in a browser that knows the password, what changes something must come as JSON, which no
 * form can send and no script of another site without being asked for first, and must not say that it comes from another site.
 *
 * <p>Paths are compared as Spring MVC compares them, on the parsed path: an encoded or decorated one does not slip by, and if
 * one did, the endpoint itself would find nobody signed in.
 */
class OperatorFilter extends OncePerRequestFilter {

    private static final Logger log = LoggerFactory.getLogger(OperatorFilter.class);
    private static final Set<String> READING = Set.of("GET", "HEAD");
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");
    private static final String CHALLENGE = "Basic realm=\"farandole operations\", charset=\"UTF-8\"";

    private static final String RETRY_SOON = "2";

    private final OperationPaths paths;
    private final SignIn signIn;
    private final JsonMapper mapper = JsonMapper.builder().build();

    OperatorFilter(OperationPaths paths, SignIn signIn) {
        this.paths = paths;
        this.signIn = signIn;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        if (paths.isEmpty()) {
            return true;
        }
        RequestPath before = (RequestPath) request.getAttribute(ServletRequestPathUtils.PATH_ATTRIBUTE);
        RequestPath parsed = ServletRequestPathUtils.parseAndCache(request);
        ServletRequestPathUtils.setParsedRequestPath(before, request);
        return !paths.contain(parsed.pathWithinApplication());
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        // What is told here is for the person who asked, and for no cache.
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        Problem forged = READING.contains(request.getMethod()) ? null : forged(request);
        if (forged != null) {
            refuse(response, forged);
            return;
        }
        if (request.getUserPrincipal() != null) {
            proceed(request, response, chain);
            return;
        }
        SignIn.Answer answer = signIn.of(request);
        if (answer instanceof SignIn.SignedInAs person) {
            proceed(new SignedInRequest(request, person.principal()), response, chain);
        } else if (answer instanceof SignIn.Refused refused) {
            boolean unauthorized = refused.problem().status() == HttpStatus.UNAUTHORIZED;
            response.setHeader(
                    unauthorized ? HttpHeaders.WWW_AUTHENTICATE : HttpHeaders.RETRY_AFTER,
                    unauthorized ? CHALLENGE : RETRY_SOON);
            refuse(response, refused.problem());
        }
    }

    private static @Nullable Problem forged(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null && !OWN_SITE.contains(site)) {
            return Problem.of(
                    HttpStatus.FORBIDDEN, "This request was sent by a page of another site, and was not carried out.");
        }
        String type = request.getContentType();
        if (type == null || !isJson(type)) {
            return Problem.of(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                    "Send JSON: Content-Type: application/json. Nothing was carried out.");
        }
        return null;
    }

    private static boolean isJson(String type) {
        try {
            MediaType mediaType = MediaType.parseMediaType(type);
            return MediaType.APPLICATION_JSON.equalsTypeAndSubtype(mediaType)
                    || (mediaType.getType().equals("application")
                            && mediaType.getSubtype().startsWith("vnd.spring-boot.actuator.")
                            && mediaType.getSubtype().endsWith("+json"));
        } catch (IllegalArgumentException e) {
            // What cannot be read as a type is not JSON's.
            return false;
        }
    }

    /** Where the management server is one of its own, nobody else makes a problem document of what goes wrong. */
    private void proceed(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, new ProblemResponse(response, problem -> refuse(response, problem)));
        } catch (ServletException | RuntimeException e) {
            if (response.isCommitted()) {
                throw e;
            }
            response.resetBuffer();
            refuse(response, failed(e));
        }
    }

    private static Problem failed(Exception failure) {
        if (Outages.isOutage(failure)) {
            log.warn("An operator's request failed, for the database cannot be reached: {}", failure.toString());
            return Problem.of(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "The service cannot reach its database; it is unknown whether the request was carried out. Ask again.");
        }
        String incident = UUID.randomUUID().toString();
        log.error("Incident {}: an operator's request failed", incident, failure);
        return new Problem(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "Something is wrong with the service, not with the request; its log tells more under this incident.",
                "incident",
                incident);
    }

    private void refuse(HttpServletResponse response, Problem problem) throws IOException {
        response.setStatus(problem.status().value());
        response.setContentType(Problem.MEDIA_TYPE);
        response.getOutputStream().write(mapper.writeValueAsBytes(problem.document()));
        response.flushBuffer();
    }
}
