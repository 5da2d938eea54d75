package io.farandole.shop.order.tracking;

import io.farandole.messaging.JsonCodec;
import io.farandole.shop.order.ordering.Line;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.util.List;

/** An order's lines in one column: they are read as a whole, and never asked for. */
@Converter
class LinesAsJson implements AttributeConverter<List<Line>, String> {

    private static final JsonCodec JSON = new JsonCodec();

    @Override
    public String convertToDatabaseColumn(List<Line> lines) {
        return JSON.write(lines);
    }

    @Override
    public List<Line> convertToEntityAttribute(String json) {
        return List.of(JSON.read(json, Line[].class));
    }
}
