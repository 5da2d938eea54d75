/** What the contexts of the shop share: values, and the published language below. */
@NullMarked
package io.farandole.shop.kernel;

import org.jspecify.annotations.NullMarked;
