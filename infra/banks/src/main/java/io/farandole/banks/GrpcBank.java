package io.farandole.banks;

import io.farandole.participant.BranchBarrier;
import io.farandole.participant.grpc.GuardedBranches;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The one bank that is reached by gRPC. */
final class GrpcBank implements AutoCloseable {

    private static final int THREADS = 32;

    private final Server server;
    private final ExecutorService threads;

    private GrpcBank(Server server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    static GrpcBank start(
            BanksSettings settings, int port, String bank, BranchBarrier barrier, PayrollDesk desk, Slowness slowness)
            throws IOException {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "banks-grpc");
            thread.setDaemon(true);
            return thread;
        });
        try {
            Server server = NettyServerBuilder.forAddress(new InetSocketAddress(settings.address(), port))
                    .executor(threads)
                    .addService(ServerInterceptors.intercept(
                            new GuardedBranches(barrier, bank, new GrpcDesk(desk), settings.holdFor()),
                            new MishapInterceptor(slowness)))
                    .build()
                    .start();
            return new GrpcBank(server, threads);
        } catch (IOException | RuntimeException failed) {
            threads.shutdownNow();
            throw failed;
        }
    }

    int port() {
        return server.getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
        threads.shutdownNow();
    }
}
