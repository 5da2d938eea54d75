package io.farandole.testkit.booking;

import io.farandole.messaging.EventTypes;
import io.farandole.messaging.command.AcceptedCommand;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

@SpringBootApplication
public class BookingApplication {

    /** The wire type of {@link Book}. */
    public static final String BOOK = "booking.book.v1";

    @Bean
    EventTypes eventTypes() {
        return EventTypes.builder().build();
    }

    @Bean
    Clerk clerk(JdbcClient jdbc) {
        return new Clerk(jdbc);
    }

    @Bean
    AcceptedCommand<Book> book(Clerk clerk) {
        return AcceptedCommand.of(BOOK, Book.class, clerk::handle);
    }
}
