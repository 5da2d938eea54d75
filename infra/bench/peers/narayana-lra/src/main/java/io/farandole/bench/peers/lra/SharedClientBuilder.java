package io.farandole.bench.peers.lra;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jboss.resteasy.client.jaxrs.ResteasyClient;
import org.jboss.resteasy.client.jaxrs.internal.ResteasyClientBuilderImpl;

/**
 * Builds the same HTTP client each time. Narayana makes a new one for each call and closes it, which would open a connection and
 * start a thread per call. Found by JAX-RS as a service; the client's threads are daemons.
 */
public final class SharedClientBuilder extends ResteasyClientBuilderImpl {

    private static final int CONNECTIONS = 512;
    private static final long TIMEOUT_SECONDS = 60;

    /** Made when the first call needs it. */
    private static final class Shared {

        private static final ResteasyClient CLIENT = unclosable(new SharedClientBuilder().make());
    }

    private ResteasyClient make() {
        connectionPoolSize(CONNECTIONS);
        maxPooledPerRoute(CONNECTIONS);
        connectTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        readTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        executorService(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "http-client");
            thread.setDaemon(true);
            return thread;
        }));
        return super.build();
    }

    @Override
    public ResteasyClient build() {
        return Shared.CLIENT;
    }

    private static ResteasyClient unclosable(ResteasyClient client) {
        return (ResteasyClient) Proxy.newProxyInstance(
                ResteasyClient.class.getClassLoader(),
                new Class<?>[] {ResteasyClient.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        return null;
                    }
                    try {
                        return method.invoke(client, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
