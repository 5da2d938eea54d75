package io.farandole.shop.payment.transfer.bank;

import com.arjuna.ats.arjuna.common.CoordinatorEnvironmentBean;
import com.arjuna.ats.arjuna.common.CoreEnvironmentBean;
import com.arjuna.ats.arjuna.common.CoreEnvironmentBeanException;
import com.arjuna.ats.arjuna.common.ObjectStoreEnvironmentBean;
import com.arjuna.ats.arjuna.common.RecoveryEnvironmentBean;
import com.arjuna.ats.arjuna.recovery.RecoveryManager;
import com.arjuna.ats.arjuna.recovery.RecoveryModule;
import com.arjuna.ats.internal.arjuna.recovery.AtomicActionRecoveryModule;
import com.arjuna.ats.internal.arjuna.utils.UuidProcessId;
import com.arjuna.ats.internal.jta.recovery.arjunacore.JTAActionStatusServiceXAResourceOrphanFilter;
import com.arjuna.ats.internal.jta.recovery.arjunacore.JTANodeNameXAResourceOrphanFilter;
import com.arjuna.ats.internal.jta.recovery.arjunacore.JTATransactionLogXAResourceOrphanFilter;
import com.arjuna.ats.internal.jta.recovery.arjunacore.XARecoveryModule;
import com.arjuna.ats.jta.common.JTAEnvironmentBean;
import com.arjuna.common.internal.util.propertyservice.BeanPopulator;
import jakarta.transaction.TransactionManager;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Narayana in this process: its log in a directory, its recovery on one thread, no socket, no thread of another's making but the
 * one that ends transactions that take too long.
 *
 * <p>Narayana's settings are the Java machine's: a second coordinator has the first one's directory and node, and begins when that
 * one has been closed. Thread-safe.
 */
final class XaCoordinator implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(XaCoordinator.class);
    private static final long GRACE_SECONDS = 15;
    private static @Nullable Path storeOfThisMachine;

    private final XaSettings settings;
    private final ObjectStore store;
    private final List<RecoveredBank> banks = new ArrayList<>();
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "transfer-recovery");
        thread.setDaemon(true);
        return thread;
    });
    private final RecoveryManager recovery;
    private final XARecoveryModule module;
    private final TransactionManager transactions;
    private @Nullable ScheduledFuture<?> looks;

    private XaCoordinator(XaSettings settings, ObjectStore store) {
        this.settings = settings;
        this.store = store;
        configure(settings);
        RecoveryManager.delayRecoveryManagerThread();
        recovery = RecoveryManager.manager(RecoveryManager.DIRECT_MANAGEMENT);
        recovery.initialize();
        module = xaModule(recovery);
        transactions = com.arjuna.ats.jta.TransactionManager.transactionManager();
    }

    /**
     * Takes the log, looks at the banks that answer, and begins to look for what is in doubt.
     *
     * @throws IllegalStateException if the log cannot be taken, another instance has this node's name, or a bank cannot prepare
     */
    static XaCoordinator start(Banks banks, XaSettings settings) {
        ObjectStore store = ObjectStore.take(settings.objectStore().toAbsolutePath(), settings.node());
        boolean started = false;
        try {
            requireSameStore(settings.objectStore().toAbsolutePath());
            XaCoordinator coordinator = new XaCoordinator(settings, store);
            coordinator.begin(banks);
            started = true;
            return coordinator;
        } finally {
            if (!started) {
                store.close();
            }
        }
    }

    private static synchronized void requireSameStore(Path directory) {
        Path before = storeOfThisMachine;
        if (before != null && !before.equals(directory)) {
            throw new IllegalStateException("This Java machine has its XA log in " + before
                    + ", and cannot have another one: shop.transfer.object-store=" + directory);
        }
        storeOfThisMachine = directory;
    }

    private static void configure(XaSettings settings) {
        String directory = settings.objectStore().toAbsolutePath().toString();
        BeanPopulator.getDefaultInstance(ObjectStoreEnvironmentBean.class).setObjectStoreDir(directory);
        for (String name : List.of("communicationStore", "stateStore")) {
            BeanPopulator.getNamedInstance(ObjectStoreEnvironmentBean.class, name)
                    .setObjectStoreDir(directory);
        }
        CoreEnvironmentBean core = BeanPopulator.getDefaultInstance(CoreEnvironmentBean.class);
        // By default it opens a port, whose number tells this process from others.
        core.setProcessImplementationClassName(UuidProcessId.class.getName());
        try {
            core.setNodeIdentifier(settings.node());
        } catch (CoreEnvironmentBeanException e) {
            throw new IllegalStateException("shop.transfer.node=" + settings.node() + " cannot be used", e);
        }
        CoordinatorEnvironmentBean coordinator = BeanPopulator.getDefaultInstance(CoordinatorEnvironmentBean.class);
        coordinator.setTransactionStatusManagerEnable(false);
        coordinator.setDefaultTimeout(60);
        RecoveryEnvironmentBean recovery = BeanPopulator.getDefaultInstance(RecoveryEnvironmentBean.class);
        recovery.setRecoveryListener(false);
        recovery.setRecoveryBackoffPeriod(1);
        recovery.setExpiryScannerClassNames(List.of());
        recovery.setRecoveryActivatorClassNames(List.of());
        // The log first: what it decides is looked up among what the banks have told.
        recovery.setRecoveryModuleClassNames(
                List.of(AtomicActionRecoveryModule.class.getName(), XARecoveryModule.class.getName()));
        JTAEnvironmentBean jta = BeanPopulator.getDefaultInstance(JTAEnvironmentBean.class);
        jta.setXaRecoveryNodes(List.of(settings.node()));
        jta.setOrphanSafetyInterval((int) settings.orphanAfter().toMillis());
        jta.setXaResourceRecordWrappingPluginClassName(NamedRecords.class.getName());
        // A branch is rolled back if its node is this one, no log of its decision is here, and it is not under way now.
        jta.setXaResourceOrphanFilterClassNames(List.of(
                JTATransactionLogXAResourceOrphanFilter.class.getName(),
                JTANodeNameXAResourceOrphanFilter.class.getName(),
                JTAActionStatusServiceXAResourceOrphanFilter.class.getName()));
    }

    private static XARecoveryModule xaModule(RecoveryManager recovery) {
        for (RecoveryModule module : recovery.getModules()) {
            if (module instanceof XARecoveryModule xa) {
                return xa;
            }
        }
        throw new IllegalStateException("Narayana's recovery has no module for XA, only " + recovery.getModules());
    }

    private void begin(Banks all) {
        for (Bank bank : all.all()) {
            RecoveredBank recovered = new RecoveredBank(bank, settings.node());
            try {
                recovered.getXAResources();
                int maxPrepared = bank.maxPrepared();
                if (maxPrepared == 0) {
                    throw new IllegalStateException("Bank " + bank.name()
                            + " cannot prepare transactions: its PostgreSQL has max_prepared_transactions=0. Set it to the most"
                            + " that may be under way at once (shop.transfer.connections of all instances), or leave"
                            + " shop.transfer.object-store unset, which leaves mode SAGA only");
                }
            } catch (NodeTakenException e) {
                throw new IllegalStateException(e.getMessage(), e);
            } catch (SQLException e) {
                log.warn("Bank {} cannot be asked now for what is in doubt there; it will be later", bank.name(), e);
            }
            banks.add(recovered);
            module.addXAResourceRecoveryHelper(recovered);
        }
        long period = settings.recoveryPeriod().toMillis();
        looks = looking.scheduleWithFixedDelay(this::look, 0, period, TimeUnit.MILLISECONDS);
    }

    /** One scan; what fails is in the log, and is tried again by the next. */
    private void look() {
        try {
            recovery.scan();
        } catch (RuntimeException | Error e) {
            // Thrown on, it would end the schedule.
            log.error("Looking for transfers in doubt failed; it goes on", e);
        }
    }

    /** Of this thread's transactions. */
    TransactionManager transactions() {
        return transactions;
    }

    @Override
    public void close() {
        if (looks != null) {
            looks.cancel(false);
        }
        looking.shutdown();
        try {
            if (!looking.awaitTermination(GRACE_SECONDS, TimeUnit.SECONDS)) {
                log.warn("The look for transfers in doubt has not ended within {} s", GRACE_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (RecoveredBank bank : banks) {
            module.removeXAResourceRecoveryHelper(bank);
            bank.close();
        }
        store.close();
    }
}
