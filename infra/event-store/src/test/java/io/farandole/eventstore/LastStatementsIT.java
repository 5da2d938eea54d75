package io.farandole.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.axonframework.common.transaction.Transaction;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

class LastStatementsIT {

    private static JournalDatabase database;
    private static JdbcTemplate jdbc;
    private static TransactionManager transactions;
    private static TransactionTemplate springs;

    @BeforeAll
    static void open() {
        database = JournalDatabase.create("last");
        database.asAdmin("create table public.note (id integer primary key, text text)");
        database.asAdmin("grant usage on schema public to public");
        database.asAdmin("grant all on public.note to public");
        jdbc = new JdbcTemplate(database.pool());
        DataSourceTransactionManager manager = new DataSourceTransactionManager(database.pool());
        transactions = () -> new Joined(manager, manager.getTransaction(null));
        springs = new TransactionTemplate(manager);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void empty() {
        jdbc.update("delete from public.note");
    }

    @Test
    void areWrittenRightBeforeTheCommitInTheirOrder() {
        List<String> seen = new ArrayList<>();
        inUnit(unit -> {
            unit.onCommit(u -> assertThat(notes()).containsExactly("a", "b"));
            add(new Note(1, "a"));
            add(new Ask("select text from public.note order by id", seen));
            unit.onPrepareCommit(u -> {
                add(new Note(2, "b"));
                add(new Ask("select text from public.note order by id", seen));
                assertThat(notes()).isEmpty();
            });
        });
        assertThat(seen).containsExactly("a", "a", "b");
        assertThat(notes()).containsExactly("a", "b");
    }

    @Test
    void areWrittenAtOnceWhereNoUnitOfWorkWillCommitLater() {
        add(new Note(1, "outside"));
        assertThat(notes()).containsExactly("outside");
        inUnit(unit -> unit.onCommit(u -> {
            add(new Note(2, "while committing"));
            assertThat(notes()).containsExactly("outside", "while committing");
        }));
        inUnit(unit -> unit.afterCommit(u -> add(new Note(3, "afterwards"))));
        assertThat(notes()).containsExactly("outside", "while committing", "afterwards");
    }

    @Test
    void areNotWrittenByAUnitOfWorkThatIsRolledBack() {
        assertThatThrownBy(() -> inUnit(unit -> {
                    add(new Note(1, "a"));
                    unit.onPrepareCommit(u -> {
                        throw new IllegalStateException("no");
                    });
                }))
                .hasMessage("no");
        assertThat(notes()).isEmpty();
    }

    @Test
    void takeEverythingWithThemWhenOneFails() {
        assertThatThrownBy(() -> inUnit(unit -> {
                    jdbc.update("insert into public.note values (1, 'early')");
                    add(new Note(2, "a"));
                    add(new Note(1, "taken"));
                    add(new Note(3, "b"));
                }))
                .isInstanceOf(Taken.class)
                .hasMessage("1 is taken")
                .hasCauseInstanceOf(DuplicateKeyException.class);
        assertThat(notes()).isEmpty();
    }

    @Test
    void takeEverythingWithThemWhenAResultIsRefused() {
        assertThatThrownBy(() -> inUnit(unit -> {
                    add(new Note(1, "a"));
                    add(new Change("update public.note set text = 'c' where id = 7"));
                }))
                .hasMessage("nothing was changed");
        assertThat(notes()).isEmpty();
    }

    @Test
    void areThoseOfInnerUnitsOfWorkToo() {
        inUnit(outer -> {
            add(new Note(1, "outer"));
            inUnit(inner -> add(new Note(2, "inner")));
            assertThat(notes()).isEmpty();
        });
        assertThat(notes()).containsExactly("outer", "inner");
    }

    /** A first event that is taken is another error than a later one: the append that is not to blame must not say which it is. */
    @Test
    void blameTheAppendThatWasRefused() {
        try (Journal journal = new Journal(database.pool(), JournalSettings.of("order"))) {
            JournalEventStorageEngine engine = JournalEventStorageEngine.builder()
                    .journal(journal)
                    .serializer(RegistrySerializer.of(Sample.types()))
                    .build();
            engine.appendEvents(Sample.placed("taken", 3));
            assertThatThrownBy(() -> inUnit(unit -> {
                        engine.appendEvents(Sample.placed("new", 0));
                        engine.appendEvents(Sample.placed("taken", 3));
                    }))
                    .isInstanceOf(ConcurrencyException.class)
                    .hasMessageContaining("[taken]");
            assertThat(engine.lastSequenceNumberFor("new")).isEmpty();
        }
    }

    /** Also in a transaction that somebody else ends, and even while its commit has begun already. */
    @Test
    void areWrittenByTheEndOfTheUnitOfWorkWhoeverEndsTheTransaction() {
        springs.executeWithoutResult(status -> {
            inUnit(unit -> add(new Note(1, "a")));
            assertThat(notes()).containsExactly("a");
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void beforeCommit(boolean readOnly) {
                    inUnit(unit -> add(new Note(2, "late")));
                }
            });
        });
        assertThat(notes()).containsExactly("a", "late");
    }

    @Test
    void haveEachASnapshotOfItsOwn() {
        RoundTrip trip = new RoundTrip(jdbc);
        List<String> seen = new ArrayList<>();
        trip.add(new Note(1, "a"));
        trip.add(new Ask("select text from public.note", seen));
        trip.add(new Change("update public.note set text = 'b' where id = 1"));
        trip.add(new Ask("select text from public.note", seen));
        trip.execute();
        assertThat(seen).containsExactly("a", "b");
        assertThat(trip.isTo(database.pool())).isTrue();
        assertThat(trip.isTo(null)).isFalse();
    }

    private static void inUnit(Consumer<UnitOfWork<?>> work) {
        DefaultUnitOfWork<?> unit = DefaultUnitOfWork.startAndGet(GenericMessage.asMessage("x"));
        unit.attachTransaction(transactions);
        unit.execute(() -> work.accept(unit));
    }

    /** A transaction, or a part in one that somebody else ends. */
    private record Joined(PlatformTransactionManager manager, TransactionStatus status) implements Transaction {

        @Override
        public void commit() {
            if (status.isNewTransaction()) {
                manager.commit(status);
            }
        }

        @Override
        public void rollback() {
            if (status.isNewTransaction()) {
                manager.rollback(status);
            }
        }
    }

    private static void add(RoundTrip.Statement statement) {
        LastStatements.add(jdbc, statement);
    }

    private static List<@Nullable String> notes() {
        return jdbc.queryForList("select text from public.note order by id", String.class);
    }

    private static final class Taken extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Taken(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private record Note(int id, String text) implements RoundTrip.Statement {

        @Override
        public String sql() {
            return "insert into public.note values (?, ?)";
        }

        @Override
        public int bind(PreparedStatement statement, int before) throws SQLException {
            statement.setInt(before + 1, id);
            statement.setString(before + 2, text);
            return before + 2;
        }

        @Override
        public void changed(int count) {
            assertThat(count).isEqualTo(1);
        }

        @Override
        public @Nullable RuntimeException meaning(DataAccessException failure) {
            return String.valueOf(failure.getMessage()).contains("(id)=(" + id + ")")
                    ? new Taken(id + " is taken", failure)
                    : null;
        }
    }

    private record Ask(String sql, List<String> answers) implements RoundTrip.Statement {

        @Override
        public int bind(PreparedStatement statement, int before) {
            return before;
        }

        @Override
        public void rows(ResultSet rows) throws SQLException {
            while (rows.next()) {
                answers.add(rows.getString(1));
            }
        }
    }

    private record Change(String sql) implements RoundTrip.Statement {

        @Override
        public int bind(PreparedStatement statement, int before) {
            return before;
        }

        @Override
        public void changed(int count) {
            if (count == 0) {
                throw new IllegalStateException("nothing was changed");
            }
        }
    }
}
