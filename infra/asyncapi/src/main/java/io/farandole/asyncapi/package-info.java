/**
 * What a context says and understands over the broker, as an AsyncAPI 3.0 document: made from what it declares anyway, so that nobody
 * writes it a second time, and nothing in it is out of date.
 */
@NullMarked
package io.farandole.asyncapi;

import org.jspecify.annotations.NullMarked;
