package io.farandole.shop.stock;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The stock service. */
@SpringBootApplication
public class StockApplication {

    /** Starts the service; see {@code application.yaml} for what it needs. */
    public static void main(String[] arguments) {
        SpringApplication.run(StockApplication.class, arguments);
    }
}
