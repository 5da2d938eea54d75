/** The guide's example: a context that announces a parcel for every confirmed order. */
@NullMarked
package io.farandole.testkit.shipping;

import org.jspecify.annotations.NullMarked;
