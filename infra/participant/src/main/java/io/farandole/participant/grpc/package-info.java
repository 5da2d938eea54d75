/** Branches over gRPC: the service of {@code branch.proto} in front of a service's own handler. */
@NullMarked
package io.farandole.participant.grpc;

import org.jspecify.annotations.NullMarked;
