package io.farandole.bench.peers.axon;

import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** Lets a message in once: its id is written down in the transaction that handles it. The extension has no such guard. */
final class Inbox implements MessageHandlerInterceptor<EventMessage<?>> {

    private final JdbcTemplate jdbc;

    Inbox(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public @Nullable Object handle(UnitOfWork<? extends EventMessage<?>> unitOfWork, InterceptorChain chain)
            throws Exception {
        int inserted = jdbc.update(
                "insert into inbox (message_id) values (?) on conflict do nothing",
                unitOfWork.getMessage().getIdentifier());
        return inserted == 0 ? null : chain.proceed();
    }
}
