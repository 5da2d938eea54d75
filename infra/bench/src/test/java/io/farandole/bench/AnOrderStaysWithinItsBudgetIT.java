package io.farandole.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Three services, real servers: what one order costs them, counted. */
class AnOrderStaysWithinItsBudgetIT {

    private static final Logger LOG = LoggerFactory.getLogger(AnOrderStaysWithinItsBudgetIT.class);

    @Test
    void anOrderCostsNoMoreThanItMay() throws Exception {
        CostOfAnOrder.Result result = new CostOfAnOrder(60, 1_000).run();
        LOG.info("{}{}", System.lineSeparator(), CostOfAnOrder.table(result));
        assertThat(Budget.load().exceededBy(result)).isEmpty();
    }
}
