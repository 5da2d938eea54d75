/** The whole shop as separate processes, on servers of its own. */
@NullMarked
package io.farandole.acceptance.shop;

import org.jspecify.annotations.NullMarked;
