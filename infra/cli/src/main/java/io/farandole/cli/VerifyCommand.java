package io.farandole.cli;

import io.farandole.verifier.ProgressLines;
import io.farandole.verifier.Range;
import io.farandole.verifier.Report;
import io.farandole.verifier.ReportText;
import io.farandole.verifier.VerificationException;
import io.farandole.verifier.VerificationPlan;
import io.farandole.verifier.bundle.BundleKeys;
import io.farandole.verifier.bundle.BundleReport;
import io.farandole.verifier.bundle.BundleText;
import io.farandole.verifier.bundle.BundleVerification;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** Whether anyone has altered history. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Compares a journal with its seals, and these with signed checkpoints. It reads the database itself, not a service:"
                    + " whoever altered history may have altered the service. Or compares a bundle (--bundle) with its signatures.",
            "Exit codes: 0 as sealed, 1 altered, 2 usage, 3 it cannot be told."
        })
final class VerifyCommand implements Callable<Integer> {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Surroundings surroundings;

    @Mixin
    private final Output output;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "jdbc:postgresql://host:5432/database of the context, of a replica, or of a restored backup.")
    private @Nullable String url;

    @Option(
            names = "--bundle",
            paramLabel = "FILE",
            description = "What `export` wrote, instead of a database; with --public-key, FILE or CONTEXT=FILE.")
    private @Nullable Path bundle;

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description = "Who may read farandole.journal, .seal and .checkpoint; its password is taken from"
                    + " FARANDOLE_VERIFIER_PASSWORD, or asked for.")
    private @Nullable String user;

    @Option(
            names = "--checkpoints",
            paramLabel = "DIR",
            description = "The directory of farandole.audit.seal.checkpoints, or a copy of it.")
    private @Nullable Path checkpoints;

    @Option(
            names = "--public-key",
            paramLabel = "FILE",
            description = "PEM file of who signed the checkpoints; again for another key.")
    private List<Path> publicKeys = List.of();

    @Option(
            names = "--context",
            paramLabel = "NAME",
            description = "Whose journal it is; the database is believed otherwise.")
    private @Nullable String context;

    @Option(names = "--from", paramLabel = "P", description = "Rows from this position on (whole seals).")
    private long from = Long.MIN_VALUE;

    @Option(names = "--to", paramLabel = "P", description = "Rows up to this position (whole seals).")
    private long to = Long.MAX_VALUE;

    @Option(
            names = "--since",
            paramLabel = "T",
            description = "Events from this time on, such as 2026-11-22T00:00:00Z.")
    private @Nullable Instant since;

    @Option(names = "--until", paramLabel = "T", description = "Events up to this time.")
    private @Nullable Instant until;

    VerifyCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.output = new Output(surroundings);
    }

    @Override
    public Integer call() {
        if ((url == null) == (bundle == null)) {
            throw EndedException.usage("Say what to verify: --url of a database, or --bundle FILE.");
        }
        return bundle != null ? verify(bundle) : verify(String.valueOf(url));
    }

    private int verify(Path file) {
        BundleReport report;
        try {
            report = BundleVerification.of(
                    file,
                    BundleKeys.read(publicKeys.stream().map(Path::toString).toList()));
        } catch (VerificationException e) {
            throw EndedException.notReached(String.valueOf(e.getMessage()));
        }
        output.print(JSON.readTree(BundleText.json(report)), out -> BundleText.print(report, out));
        return report.intact() ? ExitCode.DONE : ExitCode.REFUSED;
    }

    private int verify(String database) {
        VerificationPlan plan = new VerificationPlan(
                database, user, password(), checkpoints, publicKeys, context, new Range(from, to), since, until);
        ProgressLines progress =
                new ProgressLines(surroundings.err(), surroundings.terminal().isThere());
        Report report;
        try {
            report = plan.run(progress);
        } catch (VerificationException e) {
            throw EndedException.notReached(String.valueOf(e.getMessage()));
        } finally {
            progress.end();
        }
        output.print(JSON.readTree(ReportText.json(report)), out -> ReportText.print(report, out));
        return report.intact() ? ExitCode.DONE : ExitCode.REFUSED;
    }

    private @Nullable String password() {
        String given = surroundings.environment().get("FARANDOLE_VERIFIER_PASSWORD");
        return given != null || user == null
                ? given
                : surroundings.terminal().askSecret("Password of " + Text.line(user) + ": ");
    }
}
