package io.farandole.boot;

import io.farandole.messaging.EventType;
import io.farandole.messaging.EventTypes;
import io.farandole.messaging.Followers;
import io.farandole.messaging.Publications;
import java.util.Set;

/**
 * What the context says and understands, gathered from its beans.
 *
 * @param context its name
 * @param types every registered event
 * @param publications how private events are published
 * @param followers who follows what, as declared
 * @param followed what this context's own handlers follow
 */
record ContextLanguage(
        String context, EventTypes types, Publications publications, Followers followers, Set<EventType> followed) {}
