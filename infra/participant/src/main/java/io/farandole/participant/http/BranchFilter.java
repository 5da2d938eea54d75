package io.farandole.participant.http;

import io.farandole.participant.Action;
import io.farandole.participant.Answer;
import io.farandole.participant.Answer.Verdict;
import io.farandole.participant.BarrierSettings;
import io.farandole.participant.Branch;
import io.farandole.participant.BranchBarrier;
import io.farandole.participant.BranchBusyException;
import io.farandole.participant.Phase;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a service's own handlers take part in global transactions: {@code POST} on a branch's path commits it, {@code DELETE}
 * compensates it, each within one transaction, through the barrier. Other methods and paths are none of its business.
 *
 * <p>The handler works as if there were no barrier: it writes, with the same transaction manager, and answers. By its status
 * the transaction ends: with {@code 2xx} it commits and the answer is remembered; with {@code 409} or {@code 422} it is refused,
 * rolled back, and (a commit's) remembered; with anything else, or an exception or error, it is rolled back and forgotten, for
 * the caller to repeat. The response is sent after the commit, never before. An empty body is filled in:
 * {@code {"outcome":"COMMITTED"}}, {@code COMPENSATED} or {@code REFUSED}. Of a repeated answer, status, content type and body
 * are sent again, other headers are not.
 *
 * <p>What the filter answers itself: {@code 400} for ids that are none, {@code 413} for a body that is too long, {@code 415} for
 * form data, which a container parses behind its back, and {@code 503} with {@code Retry-After} while another call of the same
 * branch is under way. Handlers that answer asynchronously cannot be guarded, and fail.
 *
 * <p>A filter {@link #holding} knows two phases, as in TCC: {@code POST ?phase=try} holds, {@code POST ?phase=confirm} with the same body
 * commits what is held, {@code DELETE} lets go of it or undoes it; the handler is told by {@link #phaseOf}. Without that a query is the
 * handler's own affair.
 *
 * <p>Map it to {@code REQUEST} dispatches of a pattern that covers the paths, inside of authentication and outside of everything
 * that opens transactions. A handler that takes its ids from {@link #branchOf} is sure to be guarded. Thread-safe.
 */
public final class BranchFilter extends HttpFilter {

    /** Longest request body that is taken unless another length is given: 1 MiB. */
    public static final int DEFAULT_MAX_BODY = 1024 * 1024;

    private static final long serialVersionUID = 1;
    private static final Logger log = LoggerFactory.getLogger(BranchFilter.class);
    private static final String BRANCH = BranchFilter.class.getName() + ".branch";
    private static final String PHASE = BranchFilter.class.getName() + ".phase";
    private static final String JSON = "application/json";

    private final transient BranchBarrier barrier;
    private final transient BranchPath path;
    private final int maxBody;
    private final transient @Nullable Duration keepHolds;

    /** A filter that takes bodies up to {@value #DEFAULT_MAX_BODY} bytes. */
    public BranchFilter(BranchBarrier barrier, String pathTemplate) {
        this(barrier, pathTemplate, DEFAULT_MAX_BODY);
    }

    /**
     * A filter.
     *
     * @param pathTemplate after the context path, such as {@code /payroll/{globalId}/{branchId}}; a {@code {participant}} in it
     *     tells apart participants that share a database
     * @param maxBody longest request body in bytes
     * @throws IllegalArgumentException if the template names no {@code {globalId}} or no {@code {branchId}}
     */
    public BranchFilter(BranchBarrier barrier, String pathTemplate, int maxBody) {
        this(barrier, new BranchPath(pathTemplate), maxBody, null);
    }

    private BranchFilter(BranchBarrier barrier, BranchPath path, int maxBody, @Nullable Duration keepHolds) {
        this.barrier = barrier;
        this.path = path;
        this.maxBody = maxBody;
        this.keepHolds = keepHolds;
    }

    /**
     * The same for a service whose handlers hold and confirm.
     *
     * @param keepHolds for how long what is held is kept if nobody confirms or compensates it, see {@link BranchBarrier#expire}
     */
    public BranchFilter holding(Duration keepHolds) {
        return new BranchFilter(barrier, path, maxBody, keepHolds);
    }

    /** What a request that has passed the filter asks for. */
    public static Phase phaseOf(ServletRequest request) {
        return request.getAttribute(PHASE) instanceof Phase phase ? phase : Phase.WHOLE;
    }

    /**
     * The branch that a request works for.
     *
     * @throws IllegalStateException if the request has not passed the filter: its handler would act without a barrier
     */
    public static Branch branchOf(ServletRequest request) {
        if (request.getAttribute(BRANCH) instanceof Branch branch) {
            return branch;
        }
        throw new IllegalStateException("This request has not passed the BranchFilter: map the filter to the handler's"
                + " path, and give it a template that matches the path");
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String where = pathOf(request);
        boolean commit = request.getMethod().equals("POST");
        if ((!commit && !request.getMethod().equals("DELETE")) || !path.matches(where)) {
            chain.doFilter(request, response);
            return;
        }
        Branch branch;
        try {
            branch = path.branchOf(where, "");
        } catch (IllegalArgumentException refused) {
            send(response, Answer.of(Verdict.FAILED, 400, "INVALID_ID", refused.getMessage(), null, new byte[0]), "");
            return;
        }
        if (isForm(request)) {
            send(response, failed(415, "FORM", "Form data cannot be guarded; send JSON"), "");
            return;
        }
        byte[] body = read(request);
        if (body == null) {
            send(response, failed(413, "TOO_LONG", "The body has more than " + maxBody + " bytes"), "");
            return;
        }
        request.setAttribute(BRANCH, branch);
        if (!commit) {
            guard(branch, new BranchRequest(request, body), response, chain, "COMPENSATED", barrier::compensate);
            return;
        }
        Query query = Query.of(request.getQueryString(), keepHolds != null);
        request.setAttribute(PHASE, query.phase());
        byte[] asked = fingerprint(query.rest(), body);
        guard(
                branch,
                new BranchRequest(request, body),
                response,
                chain,
                query.phase().done(),
                (it, handler) -> commit(it, query.phase(), asked, handler));
    }

    private Answer commit(Branch branch, Phase phase, byte[] asked, Action handler) throws Exception {
        return switch (phase) {
            case WHOLE -> barrier.commit(branch, asked, handler);
            case TRY -> barrier.hold(branch, asked, Objects.requireNonNull(keepHolds, "keepHolds"), handler);
            case CONFIRM -> barrier.confirm(branch, asked, handler);
        };
    }

    private void guard(
            Branch branch,
            BranchRequest request,
            HttpServletResponse response,
            FilterChain chain,
            String done,
            Guarded guarded)
            throws IOException, ServletException {
        BarrierSettings settings = barrier.settings();
        HeldResponse held = new HeldResponse(response, settings.maxAnswer());
        Action handler = () -> {
            chain.doFilter(request, held);
            return held.asAnswer();
        };
        try {
            Answer answer = guarded.call(branch, handler);
            log.debug("Branch {}: {} is answered {}", branch, request.getMethod(), answer);
            held.release();
            send(response, answer, done);
        } catch (BranchBusyException busy) {
            log.debug("Branch {} is busy", branch, busy);
            response.reset();
            response.setHeader("Retry-After", "1");
            send(response, failed(503, "BUSY", busy.getMessage()), "");
        } catch (IOException | ServletException | RuntimeException failed) {
            response.reset();
            throw failed;
        } catch (Exception failed) {
            response.reset();
            throw new ServletException(failed);
        }
    }

    /** With the query, which may say what is to be done; two bodies without one compare as they are. */
    private static byte[] fingerprint(String query, byte[] body) {
        if (query.isEmpty()) {
            return body;
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(query.getBytes(StandardCharsets.UTF_8));
        all.write('\n');
        all.writeBytes(body);
        return all.toByteArray();
    }

    @FunctionalInterface
    private interface Guarded {
        Answer call(Branch branch, Action handler) throws Exception;
    }

    /** A request's query: its phase apart, for a confirmation is the same request as its try. */
    private record Query(Phase phase, String rest) {

        private static final String NAME = "phase=";

        static Query of(@Nullable String query, boolean inPhases) {
            if (query == null || !inPhases) {
                return new Query(Phase.WHOLE, query == null ? "" : query);
            }
            Phase phase = Phase.WHOLE;
            List<String> rest = new ArrayList<>();
            for (String parameter : query.split("&", -1)) {
                Phase named = parameter.startsWith(NAME) ? Phase.of(parameter.substring(NAME.length())) : Phase.WHOLE;
                if (named == Phase.WHOLE) {
                    rest.add(parameter);
                } else {
                    phase = named;
                }
            }
            return new Query(phase, String.join("&", rest));
        }
    }

    private static Answer failed(int status, String reason, @Nullable String text) {
        return Answer.of(Verdict.FAILED, status, reason, text, null, new byte[0]);
    }

    private static void send(HttpServletResponse response, Answer answer, String done) throws IOException {
        byte[] body = answer.body();
        String type = answer.contentType();
        int status = answer.status();
        if (body.length == 0) {
            body = answer.asJson(done);
            type = JSON;
            // 204 and its like would not let the body through.
            status = answer.verdict() == Verdict.DONE ? 200 : status;
        }
        response.setStatus(status);
        if (type != null) {
            response.setContentType(type);
        }
        response.getOutputStream().write(body);
    }

    /** As the container maps it: decoded, without parameters, so that no spelling of a path gets past. */
    private static String pathOf(HttpServletRequest request) {
        String info = request.getPathInfo();
        return request.getServletPath() + (info == null ? "" : info);
    }

    private static boolean isForm(HttpServletRequest request) {
        String type = request.getContentType();
        if (type == null) {
            return false;
        }
        String lower = type.toLowerCase(Locale.ROOT);
        return lower.startsWith("application/x-www-form-urlencoded") || lower.startsWith("multipart/");
    }

    private byte @Nullable [] read(HttpServletRequest request) throws IOException {
        if (request.getContentLengthLong() > maxBody) {
            return null;
        }
        try (InputStream in = request.getInputStream()) {
            byte[] body = in.readNBytes(maxBody + 1);
            return body.length > maxBody ? null : body;
        }
    }
}
