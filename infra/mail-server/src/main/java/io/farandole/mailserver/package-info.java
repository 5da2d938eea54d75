/** A stand-in for a mail server: real SMTP, mails kept in memory, misbehaviour by address. */
@NullMarked
package io.farandole.mailserver;

import org.jspecify.annotations.NullMarked;
