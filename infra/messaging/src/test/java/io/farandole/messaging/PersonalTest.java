package io.farandole.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import io.farandole.messaging.PersonalData.Opened;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class PersonalTest {

    private static final String KEY = "order.0c9f";
    private static final String SEALED = Personal.PREFIX + KEY + ":" + "Ab-_0".repeat(8);

    private final JsonCodec json = new JsonCodec();

    record Delivery(String orderId, @Nullable Personal to) {}

    @Test
    void isOneStringInJson() {
        Delivery delivery = new Delivery("o-1", Personal.parse(SEALED));
        String text = json.write(delivery);
        assertThat(text).isEqualTo("{\"orderId\":\"o-1\",\"to\":\"" + SEALED + "\"}");
        assertThat(json.read(text, Delivery.class)).isEqualTo(delivery);
    }

    /** As states of sagas and aggregates are written. */
    @Test
    void isOneStringWhereFieldsAreWrittenToo() {
        JsonMapper fields = json.mapper()
                .rebuild()
                .changeDefaultVisibility(visibility -> visibility
                        .withVisibility(PropertyAccessor.ALL, Visibility.NONE)
                        .withVisibility(PropertyAccessor.FIELD, Visibility.ANY))
                .build();
        String text = fields.writeValueAsString(Personal.parse(SEALED));
        assertThat(text).isEqualTo("\"" + SEALED + "\"");
        assertThat(fields.readValue(text, Personal.class)).isEqualTo(Personal.parse(SEALED));
    }

    @Test
    void whatWasWrittenBeforeThereWasAFieldIsNull() {
        assertThat(json.read("{\"orderId\":\"o-1\"}", Delivery.class).to()).isNull();
        assertThat(json.read("{\"orderId\":\"o-1\",\"to\":null}", Delivery.class)
                        .to())
                .isNull();
    }

    @Test
    void textThatIsNotSealedIsReadAndSaidToBeUnprotected() {
        Personal old = json.read("{\"orderId\":\"o-1\",\"to\":\"Anna, Rue 1\"}", Delivery.class)
                .to();
        assertThat(old).isNotNull();
        assertThat(old.isProtected()).isFalse();
        assertThat(old.text()).isEqualTo("Anna, Rue 1");
        assertThat(old.keyId()).isEmpty();
        assertThat(old).hasToString("Personal[not protected]");
    }

    @Test
    void textsTellTheKeyAndNothingElse() {
        assertThat(Personal.parse(SEALED)).hasToString("Personal[" + KEY + "]");
        assertThat(new Delivery("o-1", Personal.parse(SEALED)).toString()).doesNotContain("Ab-_0");
        assertThat(Opened.clear("Anna")).hasToString("Opened[clear]");
    }

    @Test
    void whatIsCutOffIsDamagedAndNotClear() {
        Personal damaged = Personal.parse(SEALED.substring(0, Personal.PREFIX.length() + 12));
        assertThat(damaged.isProtected()).isTrue();
        assertThat(damaged.keyId()).isEmpty();
        assertThat(damaged).hasToString("Personal[damaged]");
    }
}
