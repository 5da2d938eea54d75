package io.farandole.shop.order.tracking;

import io.farandole.messaging.Personal;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import org.jspecify.annotations.Nullable;

/** What is personal in one column: sealed, as it came. */
@Converter
class PersonalAsText implements AttributeConverter<Personal, String> {

    @Override
    public @Nullable String convertToDatabaseColumn(@Nullable Personal personal) {
        return personal == null ? null : personal.text();
    }

    @Override
    public @Nullable Personal convertToEntityAttribute(@Nullable String text) {
        return text == null ? null : Personal.parse(text);
    }
}
