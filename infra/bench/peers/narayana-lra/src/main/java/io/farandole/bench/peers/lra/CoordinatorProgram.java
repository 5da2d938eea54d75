package io.farandole.bench.peers.lra;

import com.arjuna.ats.arjuna.common.ObjectStoreEnvironmentBean;
import com.arjuna.ats.arjuna.recovery.RecoveryManager;
import com.arjuna.ats.internal.arjuna.objectstore.hornetq.HornetqJournalEnvironmentBean;
import com.arjuna.ats.internal.arjuna.objectstore.hornetq.HornetqObjectStoreAdaptor;
import com.arjuna.common.internal.util.propertyservice.BeanPopulator;
import io.narayana.lra.LRAConstants;
import io.narayana.lra.coordinator.api.Coordinator;
import io.narayana.lra.coordinator.api.CoordinatorContainerFilter;
import io.narayana.lra.coordinator.internal.Implementations;
import java.io.IOException;
import java.util.List;

/** Narayana's coordinator in a process of its own, with its log on disk. */
public final class CoordinatorProgram {

    private CoordinatorProgram() {}

    /**
     * Starts it, says where it is, and halts at the end of standard input.
     *
     * @param arguments the log's directory, the kind of log (journal or files) and the number of threads
     */
    public static void main(String[] arguments) throws IOException {
        for (String store : new String[] {null, "stateStore", "communicationStore"}) {
            ObjectStoreEnvironmentBean bean = store == null
                    ? BeanPopulator.getDefaultInstance(ObjectStoreEnvironmentBean.class)
                    : BeanPopulator.getNamedInstance(ObjectStoreEnvironmentBean.class, store);
            bean.setObjectStoreDir(arguments[0]);
            if (arguments[1].equals("journal")) {
                bean.setObjectStoreType(HornetqObjectStoreAdaptor.class.getName());
            }
        }
        HornetqJournalEnvironmentBean journal = BeanPopulator.getDefaultInstance(HornetqJournalEnvironmentBean.class);
        journal.setStoreDir(arguments[0] + "/journal");
        journal.setAsyncIO(false);
        journal.setSyncWrites(true);
        journal.setSyncDeletes(true);
        journal.setBufferFlushesPerSecond(Integer.getInteger("contender.flushes", 5_000));
        Implementations.install();
        RecoveryManager.manager();
        Web web = Web.serve(
                Integer.parseInt(arguments[2]),
                List.of(),
                List.of(Coordinator.class),
                List.of(CoordinatorContainerFilter.class));
        System.out.println(web.url() + "/" + LRAConstants.COORDINATOR_PATH_NAME);
        System.out.flush();
        while (System.in.read() >= 0) {
            continue;
        }
        Runtime.getRuntime().halt(0);
    }
}
