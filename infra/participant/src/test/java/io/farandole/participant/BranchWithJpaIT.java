package io.farandole.participant;

import static io.farandole.participant.Ledger.branch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.participant.Answer.Verdict;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.support.TransactionTemplate;

/** Effects that a service writes through JPA, which keeps them in memory until the commit, are one with the memory of their branch. */
class BranchWithJpaIT {

    private static final byte[] REQUEST = "{\"seat\":\"1A\"}".getBytes(StandardCharsets.UTF_8);

    private static Ledger ledger;
    private static LocalContainerEntityManagerFactoryBean factory;
    private static EntityManager entities;
    private static JpaTransactionManager transactionManager;
    private static BranchBarrier barrier;

    @BeforeAll
    static void open() throws SQLException {
        ledger = new Ledger();
        try (Connection connection = ledger.database.connectAsMigrator();
                Statement statement = connection.createStatement()) {
            statement.execute("create table app.seat (place text primary key, taken_by text not null)");
        }
        factory = new LocalContainerEntityManagerFactoryBean();
        factory.setDataSource(ledger.pool);
        factory.setManagedTypes(PersistenceManagedTypes.of(Seat.class.getName()));
        factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
        factory.afterPropertiesSet();
        EntityManagerFactory made = factory.getObject();
        assertThat(made).isNotNull();
        entities = SharedEntityManagerCreator.createSharedEntityManager(made);
        transactionManager = new JpaTransactionManager(made);
        barrier = new BranchBarrier(ledger.pool, transactionManager);
    }

    @AfterAll
    static void close() {
        factory.destroy();
        ledger.close();
    }

    @AfterEach
    void leaksNoConnection() {
        assertThat(ledger.pool.getHikariPoolMXBean().getActiveConnections()).isZero();
    }

    @Test
    void commitsAndCompensatesOnce() throws Exception {
        Branch branch = branch("jpa-once", "1");
        AtomicInteger calls = new AtomicInteger();
        for (int i = 0; i < 2; i++) {
            Answer answer = barrier.commit(branch, REQUEST, () -> {
                calls.incrementAndGet();
                // As a service's own @Transactional does, which joins.
                new TransactionTemplate(transactionManager)
                        .executeWithoutResult(status -> entities.persist(new Seat("1A", "ada")));
                return Answer.done();
            });
            assertThat(answer.verdict()).isEqualTo(Verdict.DONE);
        }
        assertThat(calls).hasValue(1);
        assertThat(takenBy("1A")).isEqualTo("ada");
        assertThat(ledger.state(branch)).isEqualTo("COMMITTED");

        for (int i = 0; i < 2; i++) {
            Answer answer = barrier.compensate(branch, () -> {
                calls.incrementAndGet();
                entities.remove(entities.getReference(Seat.class, "1A"));
                return Answer.done();
            });
            assertThat(answer.verdict()).isEqualTo(Verdict.DONE);
        }
        assertThat(calls).hasValue(2);
        assertThat(takenBy("1A")).isEqualTo("nobody");
        assertThat(ledger.state(branch)).isEqualTo("COMPENSATED");
    }

    @Test
    void keepsNothingOfWhatItRefusesButTheRefusal() throws Exception {
        Branch branch = branch("jpa-refused", "1");
        for (int i = 0; i < 2; i++) {
            Answer answer = barrier.commit(branch, REQUEST, () -> {
                entities.persist(new Seat("2A", "ada"));
                return Answer.refused("FULL", "No seat is left");
            });
            assertThat(answer.verdict()).isEqualTo(Verdict.REFUSED);
            assertThat(answer.reason()).isEqualTo("FULL");
        }
        assertThat(takenBy("2A")).isEqualTo("nobody");
        assertThat(ledger.state(branch)).isEqualTo("REFUSED");
    }

    @Test
    void forgetsABranchWhoseEffectCannotBeWrittenWhenJpaComesToWriteIt() throws Exception {
        Branch first = branch("jpa-late", "1");
        Branch second = branch("jpa-late", "2");
        assertThat(take(first, "3A", "ada").verdict()).isEqualTo(Verdict.DONE);
        // Written only at the commit, after the action has answered.
        assertThatThrownBy(() -> take(second, "3A", "bob")).isInstanceOf(DataAccessException.class);
        assertThat(ledger.state(second)).isEqualTo("unknown");
        assertThat(takenBy("3A")).isEqualTo("ada");

        assertThat(take(second, "3B", "bob").verdict()).isEqualTo(Verdict.DONE);
        assertThat(takenBy("3B")).isEqualTo("bob");
    }

    @Test
    void holdsConfirmsAndLetsGo() throws Exception {
        Branch kept = branch("jpa-held", "1");
        Branch given = branch("jpa-held", "2");
        for (Branch branch : new Branch[] {kept, given}) {
            String place = "4" + branch.branchId();
            barrier.hold(branch, REQUEST, Duration.ofMinutes(1), () -> {
                entities.persist(new Seat(place, "held"));
                return Answer.done();
            });
        }
        for (int i = 0; i < 2; i++) {
            barrier.confirm(kept, REQUEST, () -> {
                entities.find(Seat.class, "41").takenBy = "ada";
                return Answer.done();
            });
            barrier.compensate(given, () -> {
                entities.remove(entities.find(Seat.class, "42"));
                return Answer.done();
            });
        }
        assertThat(takenBy("41")).isEqualTo("ada");
        assertThat(takenBy("42")).isEqualTo("nobody");
    }

    @Test
    void refusesATransactionManagerOfOtherData() {
        try (Ledger other = new Ledger()) {
            BranchBarrier mistaken = new BranchBarrier((DataSource) other.pool, transactionManager);
            assertThatThrownBy(() -> mistaken.commit(branch("jpa-other", "1"), REQUEST, Answer::done))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("does not manage the barrier's data source");
        }
    }

    private static Answer take(Branch branch, String place, String who) throws Exception {
        return barrier.commit(branch, REQUEST, () -> {
            entities.persist(new Seat(place, who));
            return Answer.done();
        });
    }

    private static String takenBy(String place) {
        return ledger.jdbc.query(
                "select taken_by from seat where place = ?", row -> row.next() ? row.getString(1) : "nobody", place);
    }

    /** A seat that is taken; there is none of one that is not. */
    @Entity(name = "Seat")
    @Table(name = "seat")
    static class Seat {

        @Id
        private String place = "";

        @Column(name = "taken_by")
        private String takenBy = "";

        protected Seat() {}

        Seat(String place, String takenBy) {
            this.place = place;
            this.takenBy = takenBy;
        }

        @Override
        public String toString() {
            return place + " taken by " + takenBy;
        }
    }
}
