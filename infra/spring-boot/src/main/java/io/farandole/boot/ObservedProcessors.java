package io.farandole.boot;

import io.farandole.axon.FarandoleModule;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Whether processors are braked in this instance, as the Micrometer gauge {@code farandole.processor.braked} by processor: 1 or 0.
 * Registered once the processors have been made.
 */
class ObservedProcessors implements ApplicationListener<ContextRefreshedEvent> {

    private final FarandoleModule module;
    private final MeterRegistry meters;

    ObservedProcessors(FarandoleModule module, MeterRegistry meters) {
        this.module = module;
        this.meters = meters;
    }

    @Override
    public void onApplicationEvent(ContextRefreshedEvent event) {
        for (String processor : module.processors()) {
            Gauge.builder("farandole.processor.braked", module, each -> isBraked(each, processor) ? 1 : 0)
                    .tag("processor", processor)
                    .register(meters);
        }
    }

    private static boolean isBraked(FarandoleModule module, String processor) {
        return module.braked().stream().anyMatch(braked -> braked.processor().equals(processor));
    }
}
