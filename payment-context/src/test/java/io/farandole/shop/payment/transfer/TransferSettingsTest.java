package io.farandole.shop.payment.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** What keeps the service from starting, by the property that says so. */
class TransferSettingsTest {

    private static final Map<String, String> BANK = Map.of(
            "shop.transfer.banks.a.url",
            "jdbc:postgresql://127.0.0.1/a",
            "shop.transfer.banks.a.username",
            "app",
            "shop.transfer.banks.a.password",
            "only-in-a-test");

    @ParameterizedTest
    @CsvSource({
        "shop.transfer.object-store, /var/lib/xa, shop.transfer.node",
        "shop.transfer.node, one, shop.transfer.object-store",
        "shop.transfer.connections, 0, shop.transfer.connections",
        "shop.transfer.time-limit, -1s, shop.transfer.time-limit",
        "shop.transfer.banks.a.password, '', shop.transfer.banks.a.password is not set",
        "shop.transfer.banks.a.url, http://a, shop.transfer.banks.a.url"
    })
    void namesTheProperty(String property, String value, String named) {
        Map<String, String> properties = new HashMap<>(BANK);
        properties.put(property, value);
        assertThatThrownBy(() -> bind(properties)).rootCause().hasMessageContaining(named);
    }

    @Test
    void withoutLogAndNodeThereAreSagasOnly() {
        assertThat(bind(BANK).xa()).isNull();
    }

    private static TransferSettings bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bind("shop.transfer", Bindable.of(TransferSettings.class))
                .get();
    }
}
