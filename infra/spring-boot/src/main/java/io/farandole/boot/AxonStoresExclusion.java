package io.farandole.boot;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;

/**
 * Keeps those of Axon's auto-configurations out that the journal replaces.
 *
 * <p>Left in, they would put Axon's entities into the persistence unit, make a second token store and saga store, or
 * (where a Boot 4 transaction manager is configured after they looked for one) quietly choose no transactions at all.
 */
class AxonStoresExclusion implements AutoConfigurationImportFilter {

    private static final String AXON = "org.axonframework.springboot.autoconfig.";

    private static final Set<String> REPLACED = Set.of(
            AXON + "JpaAutoConfiguration",
            AXON + "JpaEventStoreAutoConfiguration",
            AXON + "JdbcAutoConfiguration",
            AXON + "legacyjpa.JpaJavaxAutoConfiguration",
            AXON + "legacyjpa.JpaJavaxEventStoreAutoConfiguration",
            AXON + "NoOpTransactionAutoConfiguration",
            AXON + "AxonDbSchedulerAutoConfiguration",
            AXON + "AxonJobRunrAutoConfiguration",
            AXON + "AxonServerAutoConfiguration",
            AXON + "AxonServerActuatorAutoConfiguration",
            AXON + "AxonServerBusAutoConfiguration",
            AXON + "UpdateCheckerAutoConfiguration",
            AXON + "XStreamAutoConfiguration");

    @Override
    public boolean[] match(@Nullable String[] autoConfigurationClasses, AutoConfigurationMetadata metadata) {
        boolean[] kept = new boolean[autoConfigurationClasses.length];
        for (int i = 0; i < kept.length; i++) {
            String candidate = autoConfigurationClasses[i];
            kept[i] = candidate == null || !REPLACED.contains(candidate);
        }
        return kept;
    }
}
