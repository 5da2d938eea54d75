package io.farandole.boot;

import io.farandole.rabbitmq.BrokerUnavailableException;
import io.farandole.rabbitmq.Topology;
import io.farandole.rabbitmq.TopologyException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Declares and verifies the topology when the service starts. What is wrong stops the start; a broker that is away does not:
 * commands are accepted, events wait in the journal, and {@link TakingPart} looks again until the broker is back.
 */
class TopologyAtStart {

    private static final Logger LOG = LoggerFactory.getLogger(TopologyAtStart.class);

    private final Topology topology;
    private final BrokerProperties properties;

    TopologyAtStart(Topology topology, BrokerProperties properties) {
        this.topology = topology;
        this.properties = properties;
    }

    /**
     * Declares, if that is configured, and verifies.
     *
     * @return false if the broker is away
     * @throws FarandoleConfigurationException if the topology is not what the context needs
     */
    boolean establish() {
        try {
            if (properties.topology() == BrokerProperties.TopologyMode.DECLARE) {
                topology.declare(properties.patience());
            }
            topology.verify();
            return true;
        } catch (BrokerUnavailableException e) {
            LOG.warn("RabbitMQ cannot be reached: events wait in the journal until it can. {}", e.getMessage());
            return false;
        } catch (TopologyException e) {
            throw new FarandoleConfigurationException(
                    "What is on RabbitMQ is not what this context needs. " + e.getMessage(),
                    "Repair it as said, or set farandole.rabbitmq.topology=declare to let the service declare its own"
                            + " exchanges, queues and bindings.");
        }
    }
}
