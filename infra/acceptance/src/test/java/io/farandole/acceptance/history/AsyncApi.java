package io.farandole.acceptance.history;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import java.util.Map;

/** A context's AsyncAPI document, to judge what was on the wire by. */
record AsyncApi(String context, SchemaRegistry registry) {

    private static final String ADDRESS = "https://farandole.test/";

    static AsyncApi of(String context, String document) {
        return new AsyncApi(
                context,
                SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_7, builder -> builder.schemas(Map.of(ADDRESS + context, document))));
    }

    /** What is wrong with a body. */
    List<String> errors(String wireType, String body) {
        return registry
                .getSchema(SchemaLocation.of(ADDRESS + context + "#/components/messages/" + wireType + "/payload"))
                .validate(body, InputFormat.JSON)
                .stream()
                .map(error -> wireType + ": " + error)
                .toList();
    }
}
