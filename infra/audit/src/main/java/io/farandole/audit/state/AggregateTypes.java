package io.farandole.audit.state;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.axonframework.config.AggregateConfiguration;
import org.axonframework.config.Configuration;
import org.axonframework.eventsourcing.AggregateFactory;
import org.axonframework.eventsourcing.GenericAggregateFactory;
import org.axonframework.modelling.command.inspection.AggregateModel;
import org.axonframework.modelling.command.inspection.AnnotatedAggregateMetaModelFactory;
import org.jspecify.annotations.Nullable;

/** The aggregates that this program has classes for, by the names that their events are stored with. Immutable and thread-safe. */
public final class AggregateTypes {

    private final Map<String, Type<?>> byName;

    private AggregateTypes(Map<String, Type<?>> byName) {
        this.byName = byName;
    }

    private record Type<T>(AggregateFactory<T> factory, AggregateModel<T> model) {

        Fold<T> fold() {
            return new Fold<>(factory, model);
        }
    }

    /** Those of these classes, each with a constructor without parameters. */
    public static AggregateTypes of(Class<?>... classes) {
        Map<String, Type<?>> byName = new LinkedHashMap<>();
        for (Class<?> type : classes) {
            add(byName, plain(type));
        }
        return new AggregateTypes(byName);
    }

    private static <T> Type<T> plain(Class<T> type) {
        AggregateModel<T> model = AnnotatedAggregateMetaModelFactory.inspectAggregate(type);
        return new Type<>(new GenericAggregateFactory<>(model), model);
    }

    /** All aggregates of a configuration, which has been initialised, made and handled as it says. */
    public static AggregateTypes of(Configuration configuration) {
        Map<String, Type<?>> byName = new LinkedHashMap<>();
        for (AggregateConfiguration<?> module : configuration.findModules(AggregateConfiguration.class)) {
            add(byName, configured(module, configuration));
        }
        return new AggregateTypes(byName);
    }

    private static <T> Type<T> configured(AggregateConfiguration<T> module, Configuration configuration) {
        return new Type<>(
                module.aggregateFactory(),
                AnnotatedAggregateMetaModelFactory.inspectAggregate(
                        module.aggregateType(),
                        configuration.parameterResolverFactory(),
                        configuration.handlerDefinition(module.aggregateType())));
    }

    private static void add(Map<String, Type<?>> byName, Type<?> type) {
        byName.put(type.model().type(), type);
    }

    /** The names, sorted. */
    public Set<String> names() {
        return new TreeSet<>(byName.keySet());
    }

    /** A new, empty fold; null if there is no such type. */
    @Nullable Fold<?> fold(@Nullable String name) {
        Type<?> type = name == null ? null : byName.get(name);
        return type == null ? null : type.fold();
    }
}
