package io.farandole.bench;

import java.util.List;

/**
 * What throughput to expect of other numbers of instances and machines, from what one instance of everything on one machine was
 * measured to take: a bottleneck model. An order takes so much CPU of each component; cores that are busy so much of the time
 * complete so many orders. It assumes that
 *
 * <ul>
 *   <li>the processors are what is short: neither disks nor networks nor locks;
 *   <li>an order takes the same CPU of a component whatever the number of instances and machines;
 *   <li>machines are alike, as busy as the one measured, and work divides among them as one likes, except that a component
 *       spreads over no more machines than is said: so it tells a limit, which a real placement stays below;
 *   <li>an instance that has nothing to do takes what an idle one was measured to take.
 * </ul>
 *
 * @param components what an order passes through
 * @param busyCores how many cores were busy with it on the measured machine, on average
 * @param idleCores what one more idle instance of every service takes, in cores
 */
record PlanningModel(List<Component> components, double busyCores, double idleCores) {

    /**
     * What takes part in an order.
     *
     * @param name of the component
     * @param millisPerOrder CPU of an order
     * @param machines over how many machines its work can spread; 0 if it is only there to measure and is left out elsewhere
     */
    record Component(String name, double millisPerOrder, int machines) {

        Component {
            if (millisPerOrder < 0 || machines < 0) {
                throw new IllegalArgumentException(
                        name + " takes nothing below 0: " + millisPerOrder + ", " + machines);
            }
        }
    }

    PlanningModel {
        components = List.copyOf(components);
        if (components.stream().mapToDouble(Component::millisPerOrder).sum() <= 0) {
            throw new IllegalArgumentException("Orders that take no CPU have no limit: " + components);
        }
        if (busyCores <= 0 || idleCores < 0) {
            throw new IllegalArgumentException("Nothing was busy: " + busyCores + " cores, idle " + idleCores);
        }
    }

    /** Orders per second of so many instances of every service, everything on the measured machine. */
    double onOneMachine(int instances) {
        double left = busyCores - (instances - 1) * idleCores;
        return Math.max(0, left)
                * 1_000
                / components.stream().mapToDouble(Component::millisPerOrder).sum();
    }

    /** Orders per second of so many such machines, with nothing on them that is only there to measure. */
    double onMachines(int machines) {
        double all = components.stream()
                .filter(component -> component.machines() > 0)
                .mapToDouble(Component::millisPerOrder)
                .sum();
        return Math.min(machines * busyCores * 1_000 / all, limit(bottleneck()));
    }

    /** The component that no further machine helps. */
    Component bottleneck() {
        return components.stream()
                .filter(component -> component.machines() > 0 && component.millisPerOrder() > 0)
                .min((one, other) -> Double.compare(limit(one), limit(other)))
                .orElseThrow(() -> new IllegalStateException("Every component is only there to measure"));
    }

    /** The number of machines from which on one more adds nothing. */
    int enoughMachines() {
        int machines = 1;
        while (onMachines(machines) < limit(bottleneck())) {
            machines++;
        }
        return machines;
    }

    private double limit(Component component) {
        return component.machines() * busyCores * 1_000 / component.millisPerOrder();
    }
}
