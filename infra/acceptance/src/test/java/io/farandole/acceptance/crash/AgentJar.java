package io.farandole.acceptance.crash;

import io.farandole.messaging.failpoint.FailpointListener;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** A Java agent of {@link CrashingListener} and what it needs: a JVM appends an agent's jar to the class path of what it runs. */
final class AgentJar {

    private static final List<Class<?>> CLASSES = List.of(CrashingListener.class, CrashFiles.class, CrashPoint.class);

    private AgentJar() {}

    /** The option of {@code java} that adds it; writes the jar into a directory. */
    static String option(Path directory) throws IOException {
        Path jar = directory.resolve("crashing-listener.jar").toAbsolutePath();
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", CrashingListener.class.getName());
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (Class<?> each : CLASSES) {
                add(out, each);
            }
            out.putNextEntry(new ZipEntry("META-INF/services/" + FailpointListener.class.getName()));
            out.write(CrashingListener.class.getName().getBytes(StandardCharsets.UTF_8));
            out.closeEntry();
        }
        return "-javaagent:" + jar;
    }

    private static void add(JarOutputStream out, Class<?> added) throws IOException {
        String name = added.getName().replace('.', '/') + ".class";
        try (InputStream in = added.getResourceAsStream("/" + name)) {
            if (in == null) {
                throw new IllegalStateException("No class file of " + added);
            }
            out.putNextEntry(new ZipEntry(name));
            in.transferTo(out);
            out.closeEntry();
        }
    }
}
