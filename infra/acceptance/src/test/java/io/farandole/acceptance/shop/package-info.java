/** The whole shop in separate processes on private servers, with faults. */
@NullMarked
package io.farandole.acceptance.shop;

import org.jspecify.annotations.NullMarked;
