package io.farandole.axon;

import io.farandole.eventstore.JournalTokenStore;
import java.util.List;
import java.util.Optional;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * The token store as a processor's batches use it: the token of a batch is stored only if no one else has got as far as the
 * batch's first event, and if the segment is as wide as the worker thinks. Axon can have two workers on one segment of one instance
 * for a while (a merge that fails has forgotten the work package that it was about to end), and the owner's name does not tell them
 * apart: the next merge or split ends the other one only. What a worker would store without a batch, because it has met nothing to
 * handle for a while, only extends its claim: {@link Bookmarks} see to its progress.
 */
record BatchTokens(JournalTokenStore delegate) implements TokenStore {

    @Override
    public void storeToken(@Nullable TrackingToken token, String processorName, int segment) {
        BatchAttempt attempt = CurrentUnitOfWork.isStarted() ? BatchAttempt.of(CurrentUnitOfWork.get()) : null;
        if (attempt == null || token == null) {
            delegate.storeTokenOfNoWorker(token, processorName, segment);
        } else {
            delegate.storeToken(token, processorName, attempt.segment(), attempt.first());
        }
    }

    @Override
    public void initializeTokenSegments(String processorName, int segmentCount) {
        delegate.initializeTokenSegments(processorName, segmentCount);
    }

    @Override
    public void initializeTokenSegments(String processorName, int segmentCount, @Nullable TrackingToken initialToken) {
        delegate.initializeTokenSegments(processorName, segmentCount, initialToken);
    }

    @Override
    public void initializeSegment(@Nullable TrackingToken token, String processorName, int segment) {
        delegate.initializeSegment(token, processorName, segment);
    }

    @Override
    public TrackingToken fetchToken(String processorName, int segment) {
        return delegate.fetchToken(processorName, segment);
    }

    @Override
    public TrackingToken fetchToken(String processorName, Segment segment) {
        return delegate.fetchToken(processorName, segment);
    }

    @Override
    public void extendClaim(String processorName, int segment) {
        delegate.extendClaim(processorName, segment);
    }

    @Override
    public void releaseClaim(String processorName, int segment) {
        delegate.releaseClaim(processorName, segment);
    }

    @Override
    public void deleteToken(String processorName, int segment) {
        delegate.deleteToken(processorName, segment);
    }

    @Override
    public boolean requiresExplicitSegmentInitialization() {
        return delegate.requiresExplicitSegmentInitialization();
    }

    @Override
    public int[] fetchSegments(String processorName) {
        return delegate.fetchSegments(processorName);
    }

    @Override
    public List<Segment> fetchAvailableSegments(String processorName) {
        return delegate.fetchAvailableSegments(processorName);
    }

    @Override
    public Optional<String> retrieveStorageIdentifier() {
        return delegate.retrieveStorageIdentifier();
    }
}
