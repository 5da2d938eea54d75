package io.farandole.acceptance.defect;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConfirmListener;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.farandole.rabbitmq.Broker;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/** A client that takes what it has handed to the network for confirmed, as one without confirms does. */
final class CredulousClient extends ConnectionFactory {

    private final AtomicBoolean credulous;
    private final AtomicInteger published;

    private CredulousClient(AtomicBoolean credulous, AtomicInteger published) {
        this.credulous = credulous;
        this.published = published;
    }

    /**
     * Has a service speak to the broker through such a client.
     *
     * @param credulous false leaves it a client as any other
     * @param published counts what was handed to the network
     */
    static Seam seam(AtomicBoolean credulous, AtomicInteger published) {
        return service -> service.registerBean(Broker.class, () -> {
            Environment environment = service.getEnvironment();
            CredulousClient client = new CredulousClient(credulous, published);
            client.setHost(environment.getRequiredProperty("spring.rabbitmq.host"));
            client.setPort(environment.getRequiredProperty("spring.rabbitmq.port", Integer.class));
            client.setVirtualHost(environment.getRequiredProperty("spring.rabbitmq.virtual-host"));
            client.setUsername(environment.getRequiredProperty("spring.rabbitmq.username"));
            client.setPassword(environment.getRequiredProperty("spring.rabbitmq.password"));
            return Broker.of(client);
        });
    }

    @Override
    public Connection newConnection(List<Address> addresses, String name) throws IOException, TimeoutException {
        Connection connection = super.newConnection(addresses, name);
        return around(Connection.class, (proxy, method, arguments) -> {
            Object result = call(connection, method, arguments);
            return result instanceof Channel channel ? credulous(channel) : result;
        });
    }

    private Channel credulous(Channel channel) {
        List<ConfirmListener> listeners = new CopyOnWriteArrayList<>();
        return around(Channel.class, (proxy, method, arguments) -> {
            if (arguments != null && arguments[0] instanceof ConfirmListener listener) {
                listeners.add(listener);
            }
            if (!method.getName().equals("basicPublish")) {
                return call(channel, method, arguments);
            }
            long number = channel.getNextPublishSeqNo();
            Object result = call(channel, method, arguments);
            published.incrementAndGet();
            if (credulous.get()) {
                for (ConfirmListener listener : listeners) {
                    listener.handleAck(number, false);
                }
            }
            return result;
        });
    }

    private static <T> T around(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
