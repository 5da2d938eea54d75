package io.farandole.verifier;

import java.sql.SQLException;

/** Takes rows one by one, as they come. */
@FunctionalInterface
public interface RowConsumer {

    /** The next row, in order of position. */
    void accept(StoredRow row) throws SQLException;
}
