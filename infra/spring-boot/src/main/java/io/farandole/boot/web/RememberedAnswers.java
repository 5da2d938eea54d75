package io.farandole.boot.web;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Table {@code farandole.idempotency}. Joins the caller's transaction; thread-safe. */
class RememberedAnswers {

    private static final TypeReference<Map<String, List<String>>> HEADERS = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final JsonMapper mapper;

    RememberedAnswers(JdbcClient jdbc, JsonMapper mapper) {
        this.jdbc = jdbc;
        this.mapper = mapper;
    }

    /** An answer, and the hash of the request that it answered. */
    record Remembered(String requestHash, Answer answer) {}

    Optional<Remembered> find(IdempotencyKey key) {
        return jdbc.sql(
                        """
                        select request_hash, status, headers, body from farandole.idempotency
                        where scope = :scope and key = :key""")
                .param("scope", key.scope())
                .param("key", key.key())
                .query((row, number) -> new Remembered(
                        row.getString("request_hash"),
                        new Answer(
                                row.getInt("status"),
                                mapper.readValue(row.getString("headers"), HEADERS),
                                row.getString("body"))))
                .optional();
    }

    /**
     * Remembers an answer.
     *
     * @throws AnswerTakenException if another request with the same key has committed one
     * @throws org.springframework.dao.DataAccessException with SQLSTATE 55P03 if another request with the same key is not done
     *     within 5 s
     */
    void remember(IdempotencyKey key, Answer answer) {
        boolean first = jdbc.sql(
                        """
                        select farandole.remember_answer(:scope, :key, :hash, :status, :headers, :body::text)""")
                .param("scope", key.scope())
                .param("key", key.key())
                .param("hash", key.requestHash())
                .param("status", answer.status())
                .param("headers", mapper.writeValueAsString(answer.headers()))
                .param("body", answer.body())
                .query(Boolean.class)
                .single();
        if (!first) {
            throw new AnswerTakenException();
        }
    }

    /** Forgets answers older than the window, a bounded number at a time; the number forgotten. */
    int forgetOlderThan(Duration window, int limit) {
        return jdbc.sql(
                        """
                        delete from farandole.idempotency where ctid in (
                            select ctid from farandole.idempotency
                            where created_at < clock_timestamp() - make_interval(secs => :seconds)
                            limit :limit)""")
                .param("seconds", (double) window.toSeconds())
                .param("limit", limit)
                .update();
    }
}
