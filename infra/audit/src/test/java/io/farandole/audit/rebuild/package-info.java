@org.jspecify.annotations.NullMarked
package io.farandole.audit.rebuild;
