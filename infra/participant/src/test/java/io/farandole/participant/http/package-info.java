@NullMarked
package io.farandole.participant.http;

import org.jspecify.annotations.NullMarked;
