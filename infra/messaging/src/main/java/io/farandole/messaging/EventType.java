package io.farandole.messaging;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name and version under which an event is known, in the journal and on the wire.
 *
 * <p>On the wire it is one string, {@code <context>.<kebab-event>.v<version>}, used as routing key, as AMQP {@code type}
 * and as CloudEvents {@code type}: {@code order.order-placed.v1}.
 *
 * @param name context and event in kebab case, {@code order.order-placed}; at most 200 characters
 * @param version of the event's schema, 1 or more
 */
public record EventType(String name, int version) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*\\.[a-z][a-z0-9-]*");
    private static final Pattern WIRE = Pattern.compile("(.+)\\.v([1-9][0-9]{0,3})");

    public EventType {
        if (name.length() > 200 || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "An event's name is <context>.<kebab-event>, such as order.order-placed, not '" + name + "'");
        }
        if (version < 1 || version > 9999) {
            throw new IllegalArgumentException("An event's version is 1 to 9999, not " + version + ", for " + name);
        }
    }

    /**
     * Reads a wire type.
     *
     * @throws IllegalArgumentException if it has not the form {@code <context>.<kebab-event>.v<version>}
     */
    public static EventType parse(String wireType) {
        Matcher matcher = WIRE.matcher(wireType);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "A wire type is <context>.<kebab-event>.v<version>, such as order.order-placed.v1, not '" + wireType
                            + "'");
        }
        return new EventType(matcher.group(1), Integer.parseInt(matcher.group(2)));
    }

    /** The context that owns this type: what stands before the dot. */
    public String context() {
        return name.substring(0, name.indexOf('.'));
    }

    /** The one string used on the wire: {@code order.order-placed.v1}. */
    public String wireType() {
        return name + ".v" + version;
    }

    @Override
    public String toString() {
        return wireType();
    }
}
