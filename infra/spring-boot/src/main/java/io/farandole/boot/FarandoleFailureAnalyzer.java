package io.farandole.boot;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Prints a configuration error as a description and an action instead of a stack trace. */
class FarandoleFailureAnalyzer extends AbstractFailureAnalyzer<FarandoleConfigurationException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, FarandoleConfigurationException cause) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.action(), cause);
    }
}
