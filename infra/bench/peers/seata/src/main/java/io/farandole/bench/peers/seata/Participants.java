package io.farandole.bench.peers.seata;

import io.seata.common.executor.Callback;
import io.seata.integration.tx.api.fence.DefaultCommonFenceHandler;
import io.seata.integration.tx.api.fence.FenceHandler;
import io.seata.integration.tx.api.interceptor.handler.DefaultInvocationHandler;
import io.seata.integration.tx.api.interceptor.parser.DefaultInterfaceParser;
import io.seata.rm.fence.SpringFenceConfig;
import io.seata.rm.fence.SpringFenceHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/**
 * The participants of the global transactions, each behind Seata's fence and on a database of its own. Seata's fence knows one
 * data source per process; services of their own would have one each, so here it is one that leads to the database of the
 * participant whose turn it is on this thread.
 */
final class Participants {

    private final ThreadLocal<String> turn = new ThreadLocal<>();
    private final Routing routing = new Routing(turn::get);
    private final FenceHandler seatas = new SpringFenceHandler();

    /** Databases by the names of the actions, which are the participants' names too. */
    Participants(Map<String, Database> databases) {
        Map<Object, Object> sources = new HashMap<>();
        databases.forEach((name, database) -> sources.put(name, database.source()));
        routing.setTargetDataSources(sources);
        routing.afterPropertiesSet();
        new SpringFenceConfig(routing, new DataSourceTransactionManager(routing)).afterPropertiesSet();
        DefaultCommonFenceHandler.get().setFenceHandler(new Fence());
    }

    /** For statements in a participant's turn, which join the fence's transaction. */
    JdbcTemplate jdbc() {
        return new JdbcTemplate(routing);
    }

    /** Registers a participant with the coordinator and returns what the transactions' launcher calls. */
    <T> T join(Class<T> action, T participant) throws Exception {
        return action.cast(Proxy.newProxyInstance(
                action.getClassLoader(),
                new Class<?>[] {action},
                new DefaultInvocationHandler(
                        DefaultInterfaceParser.get().parserInterfaceToProxy(participant, action.getName()), participant)));
    }

    private <T> T inTurnOf(String name, Supplier<T> step) {
        turn.set(name);
        try {
            return step.get();
        } finally {
            turn.remove();
        }
    }

    private static final class Routing extends AbstractRoutingDataSource {

        private final Supplier<String> key;

        Routing(Supplier<String> key) {
            this.key = key;
        }

        @Override
        protected Object determineCurrentLookupKey() {
            return key.get();
        }
    }

    /** Seata's own fence, in the database of the participant. */
    private final class Fence implements FenceHandler {

        @Override
        public Object prepareFence(String xid, Long branchId, String action, Callback<Object> step) {
            return inTurnOf(action, () -> seatas.prepareFence(xid, branchId, action, step));
        }

        @Override
        public boolean commitFence(Method commit, Object participant, String xid, Long branchId, Object[] arguments) {
            return inTurnOf(
                    ((Participant) participant).action(),
                    () -> seatas.commitFence(commit, participant, xid, branchId, arguments));
        }

        @Override
        public boolean rollbackFence(
                Method rollback, Object participant, String xid, Long branchId, Object[] arguments, String action) {
            return inTurnOf(
                    action, () -> seatas.rollbackFence(rollback, participant, xid, branchId, arguments, action));
        }

        @Override
        public int deleteFenceByDate(Date before) {
            throw new UnsupportedOperationException("No clean-up is started: it deletes what is older than a day");
        }
    }
}
