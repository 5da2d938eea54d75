package io.farandole.participant;

import java.nio.charset.StandardCharsets;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

/**
 * A service as a process of its own, which dies at a point of a branch: {@code URL USER PASSWORD commit|compensate POINT GID
 * BRANCH}. The points: {@code before} the effect, {@code effect} (after it and before the commit), {@code answer} (after the
 * commit and before the answer), {@code never}.
 */
public final class KilledService {

    private KilledService() {}

    public static void main(String[] args) throws Exception {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(args[0]);
        source.setUser(args[1]);
        source.setPassword(args[2]);
        boolean commit = args[3].equals("commit");
        String point = args[4];
        Branch branch = new Branch("", args[5], args[6]);
        JdbcTemplate jdbc = new JdbcTemplate(source);
        BranchBarrier barrier = new BranchBarrier(source, new JdbcTransactionManager(source));
        Action action = () -> {
            dieAt("before", point);
            jdbc.update(
                    "insert into effect values (?, ?, ?)", branch.globalId(), branch.branchId(), commit ? 100 : -100);
            dieAt("effect", point);
            return Answer.done();
        };
        byte[] request = "{}".getBytes(StandardCharsets.UTF_8);
        Answer answer = commit ? barrier.commit(branch, request, action) : barrier.compensate(branch, action);
        dieAt("answer", point);
        System.exit(answer.verdict() == Answer.Verdict.DONE ? 0 : 1);
    }

    private static void dieAt(String here, String point) {
        if (here.equals(point)) {
            Runtime.getRuntime().halt(137);
        }
    }
}
