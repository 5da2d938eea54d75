package io.farandole.bench.peers.lra;

import io.undertow.Undertow;
import java.net.InetSocketAddress;
import java.util.List;
import org.jboss.resteasy.core.ResteasyDeploymentImpl;
import org.jboss.resteasy.plugins.server.undertow.UndertowJaxrsServer;
import org.jboss.resteasy.spi.ResteasyDeployment;

/** A web server on loopback, with threads of its own, at a port that is free. */
final class Web implements AutoCloseable {

    private final Undertow server;

    private Web(Undertow server) {
        this.server = server;
    }

    /** Serves JAX-RS resources and providers: instances, or classes of which an instance is made as JAX-RS says. */
    static Web serve(int threads, List<Object> resources, List<Class<?>> classes, List<Class<?>> providers) {
        ResteasyDeployment deployment = new ResteasyDeploymentImpl();
        deployment.getResources().addAll(resources);
        deployment.getResourceClasses().addAll(names(classes));
        deployment.getProviderClasses().addAll(names(providers));
        Capture undertow = new Capture();
        undertow.start(Undertow.builder()
                .setIoThreads(2)
                .setWorkerThreads(threads)
                .addHttpListener(0, "127.0.0.1"));
        undertow.deploy(deployment);
        return new Web(undertow.server());
    }

    private static List<String> names(List<Class<?>> classes) {
        return classes.stream().map(Class::getName).toList();
    }

    /** Where it listens, without a path. */
    String url() {
        return "http://127.0.0.1:"
                + ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
    }

    @Override
    public void close() {
        server.stop();
    }

    private static final class Capture extends UndertowJaxrsServer {

        Undertow server() {
            return server;
        }
    }
}
