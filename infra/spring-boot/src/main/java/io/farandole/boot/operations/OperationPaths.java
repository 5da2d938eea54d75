package io.farandole.boot.operations;

import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** Where the endpoints for operations are served, as the application's properties say. Thread-safe. */
class OperationPaths {

    static final List<String> IDS = List.of(
            ParkedEndpoint.ID,
            ParkedProcessEndpoint.ID,
            ParkedGroupsEndpoint.ID,
            ParkedRetriesEndpoint.ID,
            TimelineEndpoint.ID,
            ReportEndpoint.ID,
            BundleEndpoint.ID,
            ReconciliationEndpoint.ID,
            BooksEndpoint.ID,
            BackfillEndpoint.ID,
            RebuildEndpoint.ID,
            AggregateStateEndpoint.ID,
            AggregateDiffEndpoint.ID,
            AggregateVersionsEndpoint.ID,
            WhatIfEndpoint.ID,
            RecordedProcessEndpoint.ID,
            ErasureEndpoint.ID);

    private final List<String> ids;
    private final List<PathPattern> further;
    private final Supplier<PathMappedEndpoints> endpoints;
    private volatile @Nullable List<PathPattern> patterns;

    /** {@code endpoints} are asked at the first request, once all of them are known. */
    OperationPaths(Supplier<PathMappedEndpoints> endpoints) {
        this(IDS, endpoints);
    }

    /** The same, and what the context itself keeps for operators. */
    OperationPaths(Supplier<PathMappedEndpoints> endpoints, Stream<OperatorsOnly> further) {
        this(
                IDS,
                endpoints,
                further.flatMap(only -> only.patterns().stream())
                        .map(PathPatternParser.defaultInstance::parse)
                        .toList());
    }

    /** Those of the endpoints of these ids. */
    OperationPaths(List<String> ids, Supplier<PathMappedEndpoints> endpoints) {
        this(ids, endpoints, List.of());
    }

    private OperationPaths(List<String> ids, Supplier<PathMappedEndpoints> endpoints, List<PathPattern> further) {
        this.ids = List.copyOf(ids);
        this.further = further;
        this.endpoints = endpoints;
    }

    /** Whether none of them is exposed. */
    boolean isEmpty() {
        return patterns().isEmpty();
    }

    boolean contain(PathContainer path) {
        return patterns().stream().anyMatch(pattern -> pattern.matches(path));
    }

    private List<PathPattern> patterns() {
        List<PathPattern> known = patterns;
        if (known == null) {
            known = patterns(endpoints.get());
            patterns = known;
        }
        return known;
    }

    private List<PathPattern> patterns(PathMappedEndpoints endpoints) {
        Stream<PathPattern> own = ids.stream()
                .map(id -> endpoints.getPath(EndpointId.of(id)))
                .filter(Objects::nonNull)
                .map(path -> path + "/**")
                .map(PathPatternParser.defaultInstance::parse);
        return Stream.concat(own, further.stream()).toList();
    }
}
