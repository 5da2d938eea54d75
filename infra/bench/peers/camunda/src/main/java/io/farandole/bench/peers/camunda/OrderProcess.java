package io.farandole.bench.peers.camunda;

import java.util.Map;
import org.camunda.bpm.engine.ProcessEngine;
import org.camunda.bpm.engine.ProcessEngineConfiguration;
import org.camunda.bpm.engine.impl.jobexecutor.DefaultJobExecutor;
import org.camunda.bpm.engine.spring.SpringProcessEngineConfiguration;

/** The engine with the one process that it runs, set up for speed; durable all the same. */
final class OrderProcess implements AutoCloseable {

    private static final String MODEL = "order.bpmn";

    private final ProcessEngine engine;
    private final String definitionId;

    private OrderProcess(ProcessEngine engine, String definitionId) {
        this.engine = engine;
        this.definitionId = definitionId;
    }

    static OrderProcess start(Database orderDatabase, int threads, Map<Object, Object> steps) {
        SpringProcessEngineConfiguration configuration = new SpringProcessEngineConfiguration();
        configuration.setProcessEngineName("order");
        configuration.setDataSource(orderDatabase.source());
        configuration.setTransactionManager(orderDatabase.transactions());
        configuration.setDatabaseSchemaUpdate(ProcessEngineConfiguration.DB_SCHEMA_UPDATE_TRUE);
        configuration.setBeans(steps);
        // What costs statements or rows and serves nothing here: history, metrics, authorisation, CMMN and DMN.
        configuration.setHistory(ProcessEngineConfiguration.HISTORY_NONE);
        configuration.setEnforceHistoryTimeToLive(false);
        configuration.setMetricsEnabled(false);
        configuration.setTaskMetricsEnabled(false);
        configuration.setAuthorizationEnabled(false);
        configuration.setCmmnEnabled(false);
        configuration.setDmnEnabled(false);
        configuration.setJdbcBatchProcessing(true);
        // The condition on a job's due date is one that an index serves only where the date is never null.
        configuration.setEnsureJobDueDateNotNull(true);
        configuration.setJobExecutorDeploymentAware(false);
        configuration.setFailedJobRetryTimeCycle("R20/PT1S");
        configuration.setJobExecutor(executor(threads));
        configuration.setJobExecutorActivate(true);
        ProcessEngine engine = configuration.buildProcessEngine();
        engine.getRepositoryService()
                .createDeployment()
                .addClasspathResource(MODEL)
                .deploy();
        String definitionId = engine.getRepositoryService()
                .createProcessDefinitionQuery()
                .processDefinitionKey("order")
                .latestVersion()
                .singleResult()
                .getId();
        return new OrderProcess(engine, definitionId);
    }

    private static DefaultJobExecutor executor(int threads) {
        DefaultJobExecutor executor = new DefaultJobExecutor();
        executor.setCorePoolSize(threads);
        executor.setMaxPoolSize(threads);
        executor.setQueueSize(1_024);
        executor.setMaxJobsPerAcquisition(64);
        // Only a fallback: whoever adds a job wakes the executor.
        executor.setWaitTimeInMillis(1_000);
        executor.setMaxWait(1_000);
        return executor;
    }

    /** Starts an order's process; joins the caller's transaction. By the definition's id, which needs no look-up. */
    void start(String orderId) {
        engine.getRuntimeService().startProcessInstanceById(definitionId, orderId);
    }

    /** How many processes have not ended. */
    long running() {
        return engine.getRuntimeService().createProcessInstanceQuery().count();
    }

    @Override
    public void close() {
        engine.close();
    }
}
