package io.farandole.shop.order;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The order service. */
@SpringBootApplication
public class OrderApplication {

    /** Starts the service; see {@code application.yaml} for what it needs. */
    public static void main(String[] arguments) {
        SpringApplication.run(OrderApplication.class, arguments);
    }
}
