package io.farandole.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A service's books. */
final class BooksOverHttp implements BookKeeper {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String PATH = "/books";

    private final Service service;

    BooksOverHttp(Service service) {
        this.service = service;
    }

    @Override
    public String context() {
        return service.name();
    }

    @Override
    public Set<String> accounts() {
        Set<String> accounts = new TreeSet<>();
        service.operations(PATH, Map.of()).path("accounts").forEach(account -> accounts.add(account.asString("")));
        return accounts;
    }

    @Override
    public List<Part> digests(Set<String> kinds) {
        List<Part> parts = new ArrayList<>();
        service.operations(PATH + "/digests", asked(kinds))
                .path("parts")
                .forEach(part -> parts.add(JSON.treeToValue(part, Part.class)));
        return parts;
    }

    @Override
    public List<Statement> statements(Set<String> kinds, List<Integer> parts) {
        Map<String, @Nullable String> parameters = asked(kinds);
        parameters.put("parts", parts.stream().map(String::valueOf).collect(Collectors.joining(",")));
        JsonNode answer = service.operations(PATH + "/statements", parameters);
        if (answer.path("cut").asBoolean(false)) {
            throw EndedException.notReached(service.name() + " states more than fits into an answer");
        }
        List<Statement> statements = new ArrayList<>();
        answer.path("statements").forEach(it -> statements.add(JSON.treeToValue(it, Statement.class)));
        return statements;
    }

    @Override
    public boolean isOpen(String processKey) {
        Map<String, @Nullable String> parameters = new LinkedHashMap<>();
        parameters.put("key", processKey);
        JsonNode status = service.operations("/process", parameters);
        for (JsonNode saga : status.path("sagas")) {
            if (saga.path("endedAt").isNull() || saga.path("endedAt").isMissingNode()) {
                return true;
            }
        }
        return !status.path("deadlines").isEmpty()
                || !status.path("outsideCalls").isEmpty()
                || !status.path("failures").isEmpty();
    }

    private static Map<String, @Nullable String> asked(Set<String> kinds) {
        Map<String, @Nullable String> parameters = new LinkedHashMap<>();
        parameters.put("accounts", String.join(",", kinds));
        return parameters;
    }
}
