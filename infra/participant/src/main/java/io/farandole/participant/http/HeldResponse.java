package io.farandole.participant.http;

import io.farandole.participant.Answer;
import io.farandole.participant.Answer.Verdict;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The response as the handler sees it: status and body are held back until the transaction has committed. Headers go through to
 * the container, which sends none of them before.
 */
final class HeldResponse extends HttpServletResponseWrapper {

    private final int maxBody;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final ServletOutputStream stream = new HeldStream();
    private @Nullable PrintWriter writer;
    private int status = SC_OK;
    private @Nullable String errorText;
    private boolean ended;
    private boolean tooLong;

    HeldResponse(HttpServletResponse response, int maxBody) {
        super(response);
        this.maxBody = maxBody;
    }

    Answer asAnswer() {
        if (writer != null) {
            writer.flush();
        }
        if (tooLong) {
            throw new IllegalStateException("The handler's answer has more than " + maxBody
                    + " bytes, which are not remembered; answer with less, or raise BarrierSettings.maxAnswer");
        }
        Verdict verdict = verdict();
        String reason = verdict == Verdict.DONE ? null : status == 422 ? Answer.INVALID : "STATUS_" + status;
        byte[] bytes = body.toByteArray();
        return bytes.length == 0
                ? Answer.of(verdict, status, reason, errorText, null, bytes)
                : Answer.of(verdict, status, null, null, getContentType(), bytes);
    }

    private Verdict verdict() {
        if (status >= 200 && status < 300) {
            return Verdict.DONE;
        }
        return status == SC_CONFLICT || status == 422 ? Verdict.REFUSED : Verdict.FAILED;
    }

    /** What the handler has said of the length is no longer so if the answer is another one. */
    void release() {
        getResponse().resetBuffer();
    }

    @Override
    public ServletOutputStream getOutputStream() {
        return stream;
    }

    @Override
    public PrintWriter getWriter() {
        if (writer == null) {
            // Said aloud, as the container's own writer would: the content type then names it.
            String encoding = getCharacterEncoding();
            setCharacterEncoding(encoding);
            writer = new PrintWriter(new OutputStreamWriter(stream, Charset.forName(encoding)));
        }
        return writer;
    }

    @Override
    public void setStatus(int status) {
        if (!ended) {
            this.status = status;
        }
    }

    @Override
    public int getStatus() {
        return status;
    }

    @Override
    public void sendError(int status) {
        sendError(status, null);
    }

    @Override
    public void sendError(int status, @Nullable String text) {
        resetBuffer();
        this.status = status;
        this.errorText = text;
        this.ended = true;
    }

    @Override
    public void sendRedirect(String location) {
        resetBuffer();
        setHeader("Location", location);
        this.status = SC_FOUND;
        this.ended = true;
    }

    @Override
    public boolean isCommitted() {
        return ended;
    }

    @Override
    public void flushBuffer() {
        if (writer != null) {
            writer.flush();
        }
    }

    @Override
    public void reset() {
        resetBuffer();
        status = SC_OK;
        super.reset();
    }

    @Override
    public void resetBuffer() {
        if (ended) {
            throw new IllegalStateException("The answer has been given already");
        }
        if (writer != null) {
            writer.flush();
        }
        body.reset();
        tooLong = false;
    }

    @Override
    public void setBufferSize(int size) {
        // All of it is held.
    }

    @Override
    public void setContentLength(int length) {
        // Known once it is sent.
    }

    @Override
    public void setContentLengthLong(long length) {
        // Known once it is sent.
    }

    @Override
    public void setHeader(String name, @Nullable String value) {
        if (!isContentLength(name)) {
            super.setHeader(name, value);
        }
    }

    @Override
    public void addHeader(String name, String value) {
        if (!isContentLength(name)) {
            super.addHeader(name, value);
        }
    }

    @Override
    public void setIntHeader(String name, int value) {
        if (!isContentLength(name)) {
            super.setIntHeader(name, value);
        }
    }

    private static boolean isContentLength(String name) {
        return name.toLowerCase(Locale.ROOT).equals("content-length");
    }

    private final class HeldStream extends ServletOutputStream {

        @Override
        public void write(int b) {
            if (fits(1)) {
                body.write(b);
            }
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (fits(length)) {
                body.write(bytes, offset, length);
            }
        }

        /** Found at the end, also where a handler lets no exception of the stream through. */
        private boolean fits(int length) {
            if (ended) {
                return false;
            }
            tooLong |= length > maxBody - body.size();
            return !tooLong;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new IllegalStateException("A handler of branches answers on its own thread");
        }
    }
}
