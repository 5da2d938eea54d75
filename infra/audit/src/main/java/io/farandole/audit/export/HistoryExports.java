package io.farandole.audit.export;

import io.farandole.audit.seal.CheckpointSigner;
import io.farandole.messaging.JsonCodec;
import io.farandole.verifier.Hash;
import io.farandole.verifier.Seal;
import io.farandole.verifier.bundle.BundleNames;
import io.farandole.verifier.bundle.BundleSignature;
import io.farandole.verifier.bundle.PartManifest;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;

/** Hands out this context's part of a bundle, signed, and records who had it. Thread-safe. */
public final class HistoryExports {

    /** The most events of one part. */
    public static final int MOST_EVENTS = 1_000_000;

    private static final Logger log = LoggerFactory.getLogger(HistoryExports.class);

    private final String context;
    private final DataSource dataSource;
    private final @Nullable CheckpointSigner signer;
    private final JsonCodec codec;
    private final Set<String> maskedFields;
    private final boolean unmaskedAllowed;
    private final Consumer<HistoryExported> journal;
    private final Clock clock;

    /**
     * Of a context.
     *
     * @param dataSource connects as a role that may read journal, seals and checkpoints
     * @param signer with the key that signs checkpoints; null if there is none, and nothing is handed out
     * @param maskedFields names of fields whose values are taken out unless it is asked for them
     * @param unmaskedAllowed whether anybody may ask for them
     * @param journal records an export before the first byte of it is told; throws if it cannot
     */
    public HistoryExports(
            String context,
            DataSource dataSource,
            @Nullable CheckpointSigner signer,
            JsonCodec codec,
            Set<String> maskedFields,
            boolean unmaskedAllowed,
            Consumer<HistoryExported> journal,
            Clock clock) {
        this.context = context;
        this.dataSource = dataSource;
        this.signer = signer;
        this.codec = codec;
        this.maskedFields = Set.copyOf(maskedFields);
        this.unmaskedAllowed = unmaskedAllowed;
        this.journal = journal;
        this.clock = clock;
    }

    /**
     * This context's part, told as it is read; see {@link PartStream} for its form. Recorded before it begins. What is in the journal
     * when it is called is told, also what is not sealed yet.
     *
     * @throws ExportRefusedException if nothing may be handed out, or too much was asked for
     * @throws org.springframework.dao.DataAccessException if the database cannot be reached
     */
    public InputStream part(ExportRequest request) {
        CheckpointSigner key = key();
        if (!request.masked() && !unmaskedAllowed) {
            throw new ExportRefusedException("Context " + context
                    + " hands out nothing unmasked (farandole.audit.export.unmasked-allowed): ask without --unmasked");
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        long sealedUpTo;
        long[] positions;
        try (Connection connection = dataSource.getConnection()) {
            // The seal first: what it covers is settled, so none of it can be missing from what is read afterwards.
            Seal last = ExportedRows.lastSeal(connection);
            sealedUpTo = last == null ? 0 : last.upTo();
            positions = ExportedRows.positions(connection, request.processes(), MOST_EVENTS + 1);
        } catch (SQLException e) {
            throw new DataAccessResourceFailureException("The journal cannot be read", e);
        }
        if (positions.length > MOST_EVENTS) {
            throw new ExportRefusedException("Context " + context + " has more than " + MOST_EVENTS
                    + " events of these processes: ask for some of them at a time");
        }
        journal.accept(new HistoryExported(
                request.exportId(), request.processes(), request.masked(), request.by(), request.reason(), now));
        log.info(
                "Export {} of {} events of {} processes begins",
                request.exportId(),
                positions.length,
                request.processes().size());
        PartManifest begun = new PartManifest(
                request.exportId(),
                context,
                request.by(),
                now,
                request.reason(),
                request.processes(),
                request.contexts(),
                request.masked() ? List.copyOf(new TreeSet<>(maskedFields)) : List.of(),
                0,
                0,
                0,
                0,
                null,
                null,
                sealedUpTo,
                List.of());
        Masking masking = new Masking(maskedFields, codec);
        return new PartStream(
                dataSource,
                request,
                begun,
                positions,
                request.masked() ? masking::masked : UnaryOperator.identity(),
                key::sign);
    }

    /**
     * Signs a bundle's manifest, for a person who had parts handed out: that it was handed in by that person, and when.
     *
     * @param exportId the export's
     * @param by the operator
     * @param manifest the SHA-256 of the manifest
     * @throws ExportRefusedException if there is no key
     */
    public BundleSignature close(String exportId, String by, Hash manifest) {
        return key().sign(new BundleSignature(
                BundleSignature.Kind.BUNDLE,
                context,
                exportId,
                by,
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                manifest,
                ""));
    }

    private CheckpointSigner key() {
        CheckpointSigner key = signer;
        if (key == null || !BundleNames.isContext(context)) {
            throw new ExportRefusedException("Context " + context
                    + " has no key to sign with, and an unsigned bundle proves nothing: set farandole.audit.seal.signing-key"
                    + " to the PEM file of an Ed25519 key, which `openssl genpkey -algorithm ed25519` makes");
        }
        return key;
    }
}
