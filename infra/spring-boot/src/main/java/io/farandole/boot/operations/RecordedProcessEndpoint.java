package io.farandole.boot.operations;

import io.farandole.audit.recording.ProcessRecorder;
import io.farandole.audit.whatif.SagaVersion;
import io.farandole.boot.audit.DeployedSagas;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * {@code GET /actuator/recordedprocess}: one process as the lines of a file that a test can replay, with what the deployed sagas do with it.
 */
@WebEndpoint(id = RecordedProcessEndpoint.ID)
class RecordedProcessEndpoint {

    static final String ID = "recordedprocess";

    private final ProcessRecorder recorder;
    private final DeployedSagas sagas;

    RecordedProcessEndpoint(ProcessRecorder recorder, DeployedSagas sagas) {
        this.recorder = recorder;
        this.sagas = sagas;
    }

    /** What is answered. */
    record Answer(List<String> lines) implements OperationResponseBody {}

    @ReadOperation
    public WebEndpointResponse<Object> process(SecurityContext security, @Nullable String key) {
        return SignedIn.run(security, person -> {
            String processKey = Input.required("key", key);
            return Past.answer(() -> {
                List<SagaVersion<?>> versions = sagas.names().stream()
                        .<SagaVersion<?>>map(sagas::version)
                        .toList();
                return new Answer(recorder.record(processKey, versions)
                        .orElseThrow(() -> new NothingThereException("The journal has no event of process " + processKey
                                + ": check the key, and ask the context that took part in it."))
                        .lines());
            });
        });
    }
}
