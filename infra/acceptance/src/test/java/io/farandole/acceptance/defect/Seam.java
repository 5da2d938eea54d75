package io.farandole.acceptance.defect;

import java.util.function.UnaryOperator;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.support.GenericApplicationContext;

/** Puts into a service, before it starts, what only a test may put there. */
@FunctionalInterface
interface Seam {

    /** Leaves a service as it is. */
    Seam NONE = service -> {};

    /** Changes a service that has not been started. */
    void openIn(GenericApplicationContext service);

    /** Both. */
    default Seam and(Seam other) {
        return service -> {
            openIn(service);
            other.openIn(service);
        };
    }

    /** Puts something between a port and all that use it. */
    static <T> Seam around(Class<T> port, UnaryOperator<T> decorator) {
        return service ->
                service.addBeanFactoryPostProcessor(beans -> beans.addBeanPostProcessor(new BeanPostProcessor() {
                    @Override
                    public Object postProcessAfterInitialization(Object bean, String name) {
                        return port.isInstance(bean) ? decorator.apply(port.cast(bean)) : bean;
                    }
                }));
    }
}
