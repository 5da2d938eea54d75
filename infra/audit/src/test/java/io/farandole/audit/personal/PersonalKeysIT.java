package io.farandole.audit.personal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.farandole.eventstore.Journal;
import io.farandole.eventstore.JournalEventStorageEngine;
import io.farandole.eventstore.JournalEventStore;
import io.farandole.eventstore.JournalSettings;
import io.farandole.eventstore.RegistrySerializer;
import io.farandole.messaging.JsonCodec;
import io.farandole.messaging.Personal;
import io.farandole.messaging.PersonalData;
import io.farandole.messaging.PersonalDataException;
import io.farandole.messaging.PersonalDataException.Reason;
import io.farandole.testservers.Patience;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The key store on PostgreSQL, as two instances of a service see it. */
class PersonalKeysIT {

    private static final byte[] FIRST = new AesGcm().newKey();
    private static final byte[] SECOND = new AesGcm().newKey();
    private static final MasterKeys MASTERS = new MasterKeys("k1", Map.of("k1", FIRST));

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private TestDatabase database;
    private HikariDataSource pool;
    private JdbcTemplate jdbc;
    private TransactionTemplate transaction;
    private Journal journal;
    private PersonalData one;
    private PersonalData other;
    private Erasures erasures;

    @BeforeEach
    void opens() {
        database = PostgresServer.shared().createDatabase("personal");
        database.migrate();
        pool = database.appPool(8);
        jdbc = new JdbcTemplate(database.adminDataSource());
        DataSourceTransactionManager transactions = new DataSourceTransactionManager(pool);
        transaction = new TransactionTemplate(transactions);
        journal = new Journal(pool, JournalSettings.of("order"));
        JournalEventStore store = JournalEventStore.builder()
                .storageEngine(JournalEventStorageEngine.builder()
                        .journal(journal)
                        .serializer(RegistrySerializer.builder(PersonalDataErased.TYPES, new JsonCodec())
                                .build())
                        .build())
                .build();
        one = instance(MASTERS);
        other = instance(MASTERS);
        erasures = new Erasures(
                new OwnKeys("order", pool, MASTERS),
                new SpringTransactionManager(transactions),
                () -> store,
                Clock.systemUTC());
    }

    @AfterEach
    void closes() {
        threads.shutdownNow();
        journal.close();
        pool.close();
        database.close();
    }

    private PersonalData instance(MasterKeys masters) {
        return new KeyedPersonalData(
                new OwnKeys("order", pool, masters),
                (owner, keyId) -> {
                    throw new AssertionError("Own keys are not asked for elsewhere: " + keyId);
                },
                Duration.ZERO,
                System::nanoTime);
    }

    @Test
    void whatOneInstanceSealsAnotherOpens() {
        Personal anna = one.seal("customer-1", "delivery", "Anna, 12 Rue de la République");
        Personal berta = other.seal("c-2", "delivery", "Berta");
        Personal again = other.seal("customer-1", "delivery", "Anna, 12 Rue de la République");
        assertThat(other.open(List.of(anna, berta, Personal.parse("plain"), again)).stream()
                        .map(opened -> opened.text().orElseThrow()))
                .containsExactly("Anna, 12 Rue de la République", "Berta", "plain", "Anna, 12 Rue de la République");
        assertThat(again.keyId()).isEqualTo(anna.keyId());
        assertThat(again).isNotEqualTo(anna);
        assertThat(berta.keyId()).isNotEqualTo(anna.keyId());
        assertThat(one.seal("customer-1", "invoice", "Anna").keyId()).isNotEqualTo(anna.keyId());
        assertThat(anna.keyId().orElseThrow()).startsWith("order.").doesNotContain("customer-1");
    }

    @RepeatedTest(10)
    void twoInstancesAtOnceMakeOneKeyForAPerson() throws Exception {
        int racers = 6;
        CyclicBarrier start = new CyclicBarrier(racers);
        List<Future<Personal>> racing = new ArrayList<>();
        for (int i = 0; i < racers; i++) {
            PersonalData instance = i % 2 == 0 ? one : other;
            racing.add(threads.submit(() -> {
                start.await();
                return instance.seal("customer-1", "delivery", "Anna");
            }));
        }
        Set<String> keys = new TreeSet<>();
        for (Future<Personal> racer : racing) {
            Personal sealed = racer.get(Patience.SECONDS, TimeUnit.SECONDS);
            keys.add(sealed.keyId().orElseThrow());
            assertThat(one.open(sealed).text()).contains("Anna");
        }
        assertThat(keys).hasSize(1);
        assertThat(count("select count(*) from farandole.personal_key")).isEqualTo(1);
    }

    /** A key that only its maker has seen must not seal what others commit. */
    @Test
    void aKeyThatIsRolledBackSealsNothingThatIsCommitted() throws Exception {
        CountDownLatch made = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Future<Personal> rolledBack = threads.submit(() -> transaction.execute(status -> {
            Personal sealed = one.seal("customer-1", "delivery", "Anna");
            assertThat(one.open(sealed).text()).as("in its own transaction").contains("Anna");
            made.countDown();
            await(end);
            status.setRollbackOnly();
            return sealed;
        }));
        await(made);
        Future<Personal> waiting = threads.submit(() -> one.seal("customer-1", "delivery", "Anna again"));
        assertThatThrownBy(() -> waiting.get(300, TimeUnit.MILLISECONDS))
                .isInstanceOf(java.util.concurrent.TimeoutException.class);
        end.countDown();
        Personal lost = rolledBack.get(Patience.SECONDS, TimeUnit.SECONDS);
        Personal kept = waiting.get(Patience.SECONDS, TimeUnit.SECONDS);
        assertThat(kept.keyId()).isNotEqualTo(lost.keyId());
        assertThat(other.open(kept).text()).contains("Anna again");
        assertThatThrownBy(() -> other.open(lost)).hasMessageContaining("has never had the key");
    }

    @Test
    void anErasedPersonIsATombstoneForEverybodyAtOnce() {
        Personal anna = one.seal("customer-1", "delivery", "Anna");
        Personal invoice = one.seal("customer-1", "invoice", "Anna, again");
        Personal berta = one.seal("c-2", "delivery", "Berta");
        assertThat(erasures.scopesOf("customer-1")).containsExactly("delivery", "invoice");

        PersonalDataErased erased =
                erasures.erase("customer-1", "ada", "asked for on paper").orElseThrow();

        assertThat(erased.keys())
                .extracting(DestroyedKey::keyId)
                .containsExactlyInAnyOrder(
                        anna.keyId().orElseThrow(), invoice.keyId().orElseThrow());
        assertThat(other.open(List.of(anna, invoice))).allMatch(PersonalData.Opened::isErased);
        assertThat(other.open(berta).text()).contains("Berta");
        assertThat(erasures.scopesOf("customer-1")).isEmpty();
        assertThat(erasures.erase("customer-1", "ada", "again")).isEmpty();
        assertThat(erasures.erase("c-9", "ada", "nobody")).isEmpty();
        assertThat(jdbc.queryForList("select payload from farandole.journal", String.class))
                .singleElement()
                .satisfies(payload -> assertThat(payload)
                        .contains(anna.keyId().orElseThrow(), "asked for on paper", "ada")
                        .doesNotContain("customer-1"));
        assertThat(jdbc.queryForMap(
                        "select * from farandole.personal_key where key_id = ?",
                        anna.keyId().orElseThrow()))
                .containsEntry("person", null)
                .containsEntry("wrapped_key", null)
                .containsEntry("destroyed_by", "ada");
    }

    @Test
    void whoComesBackGetsANewKey() {
        Personal before = one.seal("customer-1", "delivery", "Anna");
        assertThat(erasures.erase("customer-1", "ada", "asked for on paper")).isPresent();
        Personal after = one.seal("customer-1", "delivery", "Anna");
        assertThat(after.keyId()).isNotEqualTo(before.keyId());
        assertThat(other.open(after).text()).contains("Anna");
        assertThat(other.open(before).isErased()).isTrue();
    }

    /** Whoever opens meanwhile sees the text or the tombstone, never a failure, and after the tombstone never the text. */
    @RepeatedTest(5)
    void destroyingRacesOpening() throws Exception {
        Personal anna = one.seal("customer-1", "delivery", "Anna");
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch opened = new CountDownLatch(2);
        List<Future<Boolean>> readers = new ArrayList<>();
        for (PersonalData reader : List.of(one, other)) {
            readers.add(threads.submit(() -> {
                boolean erased = false;
                while (!stop.get()) {
                    boolean now = reader.open(anna).isErased();
                    assertThat(erased && !now).as("it came back").isFalse();
                    erased = now;
                    opened.countDown();
                }
                return reader.open(anna).isErased();
            }));
        }
        await(opened);
        assertThat(erasures.erase("customer-1", "ada", "asked for on paper")).isPresent();
        assertThat(one.open(anna).isErased()).isTrue();
        stop.set(true);
        for (Future<Boolean> reader : readers) {
            assertThat(reader.get(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void anErasureIsRecordedOrHasNotHappened() {
        Personal anna = one.seal("customer-1", "delivery", "Anna");
        Erasures unrecorded = new Erasures(
                new OwnKeys("order", pool, MASTERS),
                new SpringTransactionManager(new DataSourceTransactionManager(pool)),
                () -> {
                    throw new IllegalStateException("no journal");
                },
                Clock.systemUTC());
        assertThatThrownBy(() -> unrecorded.erase("customer-1", "ada", "r")).hasMessage("no journal");
        assertThat(one.open(anna).text()).contains("Anna");
    }

    @Test
    void rotationWrapsEveryKeyByTheNewMasterKey() {
        List<Personal> sealed = new ArrayList<>();
        for (int i = 0; i < 1_203; i++) {
            sealed.add(one.seal("c-" + i, "delivery", "person " + i));
        }
        assertThat(erasures.erase("c-7", "ada", "asked for")).isPresent();
        MasterKeys both = new MasterKeys("k2", Map.of("k1", FIRST, "k2", SECOND));
        OwnKeys keys = new OwnKeys("order", pool, both);
        assertThat(keys.rotate()).isEqualTo(1_202);
        assertThat(keys.rotate()).isZero();

        PersonalData withoutTheOld = instance(new MasterKeys("k2", Map.of("k2", SECOND)));
        List<PersonalData.Opened> opened = withoutTheOld.open(sealed);
        for (int i = 0; i < sealed.size(); i++) {
            assertThat(opened.get(i).text().orElse("erased")).isEqualTo(i == 7 ? "erased" : "person " + i);
        }
        assertThatThrownBy(() -> one.open(sealed.get(0))).hasMessageContaining("set farandole.personal.master-keys.k2");
    }

    @Test
    void anotherMasterKeyOfTheSameNameIsNoticed() {
        Personal anna = one.seal("customer-1", "delivery", "Anna");
        PersonalData mistaken = instance(new MasterKeys("k1", Map.of("k1", SECOND)));
        assertThatThrownBy(() -> mistaken.open(anna))
                .isInstanceOfSatisfying(PersonalDataException.class, failure -> assertThat(failure.reason())
                        .isEqualTo(Reason.DAMAGED))
                .hasMessageContaining("farandole.personal.master-keys.k1 is not what it was");
    }

    @Test
    void keysThatWereExchangedInTheTableOpenNothing() {
        Personal anna = one.seal("customer-1", "delivery", "Anna");
        Personal berta = one.seal("c-2", "delivery", "Berta");
        jdbc.update(
                "update farandole.personal_key set wrapped_key ="
                        + " (select wrapped_key from farandole.personal_key where key_id = ?) where key_id = ?",
                berta.keyId().orElseThrow(),
                anna.keyId().orElseThrow());
        assertThatThrownBy(() -> one.open(anna)).hasMessageContaining("its row was altered");
    }

    @Test
    void theRuntimeRoleCanNeitherChangeNorRemoveAKey() throws SQLException {
        one.seal("customer-1", "delivery", "Anna");
        for (String statement : List.of(
                "update farandole.personal_key set person = 'c-2'",
                "update farandole.personal_key set wrapped_key = null",
                "delete from farandole.personal_key",
                "truncate farandole.personal_key",
                "insert into farandole.personal_key (key_id, scope, destroyed_at, destroyed_by, reason)"
                        + " values ('order.x', 's', now(), 'b', 'r')")) {
            try (Connection connection = database.connectAsApp();
                    Statement sql = connection.createStatement()) {
                assertThatThrownBy(() -> sql.execute(statement))
                        .as(statement)
                        .isInstanceOfSatisfying(SQLException.class, refusal -> assertThat(refusal.getSQLState())
                                .isEqualTo("42501"));
            }
        }
        jdbc.execute("create role personal_stranger");
        try {
            for (String function : List.of(
                    "farandole.destroy_personal_keys(text, text, text)",
                    "farandole.rewrap_personal_key(text, bytea, bytea, text)")) {
                assertThat(jdbc.queryForObject(
                                "select has_function_privilege('personal_stranger', ?, 'execute')",
                                Boolean.class,
                                function))
                        .isFalse();
            }
            assertThat(jdbc.queryForObject(
                            "select has_table_privilege('personal_stranger', 'farandole.personal_key', 'select')",
                            Boolean.class))
                    .isFalse();
        } finally {
            jdbc.execute("drop role personal_stranger");
        }
    }

    private long count(String sql) {
        Long count = jdbc.queryForObject(sql, Long.class);
        return count == null ? -1 : count;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
