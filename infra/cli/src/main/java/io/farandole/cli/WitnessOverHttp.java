package io.farandole.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A service's word. */
final class WitnessOverHttp implements Witness {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String PATH = "/reconciliation";

    private final Service service;

    WitnessOverHttp(Service service) {
        this.service = service;
    }

    @Override
    public String context() {
        return service.name();
    }

    @Override
    public Overview overview() {
        return JSON.treeToValue(service.operations(PATH, Map.of()).path("exchange"), Overview.class);
    }

    @Override
    public long positionAt(String time) {
        Map<String, @Nullable String> parameters = new LinkedHashMap<>();
        parameters.put("at", time);
        return service.operations(PATH + "/position", parameters)
                .path("position")
                .asLong();
    }

    @Override
    public List<Range> digests(@Nullable String source, List<Counted> types, long from, long to, int parts) {
        Map<String, @Nullable String> parameters = range(source, types, from, to);
        parameters.put("parts", Integer.toString(parts));
        return list(service.operations(PATH + "/digests", parameters).path("ranges"), Range.class);
    }

    @Override
    public List<Event> events(@Nullable String source, List<Counted> types, long from, long to) {
        return list(
                service.operations(PATH + "/events", range(source, types, from, to))
                        .path("events"),
                Event.class);
    }

    @Override
    public List<Event> events(@Nullable String source, List<String> ids) {
        Map<String, @Nullable String> parameters = new LinkedHashMap<>();
        parameters.put("source", source);
        parameters.put("ids", String.join(",", ids));
        return list(service.operations(PATH + "/events", parameters).path("events"), Event.class);
    }

    @Override
    public List<Overtaken> overtaken(String source, int limit) {
        Map<String, @Nullable String> parameters = new LinkedHashMap<>();
        parameters.put("source", source);
        parameters.put("limit", Integer.toString(limit));
        return list(service.operations(PATH + "/overtaken", parameters).path("events"), Overtaken.class);
    }

    private static Map<String, @Nullable String> range(
            @Nullable String source, List<Counted> types, long from, long to) {
        Map<String, @Nullable String> parameters = new LinkedHashMap<>();
        parameters.put("source", source);
        parameters.put(
                "types", types.stream().map(it -> it.type() + "@" + it.from()).collect(Collectors.joining(",")));
        parameters.put("from", Long.toString(from));
        parameters.put("to", Long.toString(to));
        return parameters;
    }

    private static <T> List<T> list(JsonNode array, Class<T> type) {
        List<T> list = new ArrayList<>();
        array.forEach(element -> list.add(JSON.treeToValue(element, type)));
        return list;
    }
}
