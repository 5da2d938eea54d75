package io.farandole.acceptance.shop;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A service as it may be next month: its sources of today with some lines changed, compiled, and put before today's jar on the class
 * path. Not thread-safe.
 */
final class NextVersion {

    private final String module;
    private final String application;
    private final Map<Path, String> changed = new LinkedHashMap<>();

    private NextVersion(String module, String application) {
        this.module = module;
        this.application = application;
    }

    /** Of a service, without a change yet. */
    static NextVersion of(String module, String application) {
        return new NextVersion(module, application);
    }

    /**
     * With some text of a source file replaced by another one.
     *
     * @param source from the checkout on
     * @throws IllegalStateException if the text does not stand there once: the file has changed, so this change has to be told anew
     */
    NextVersion with(String source, String text, String replacement) throws IOException {
        Path file = ServiceProcess.root().resolve(source);
        String before = changed.containsKey(file) ? changed.get(file) : Files.readString(file);
        int at = before.indexOf(text);
        if (at < 0 || before.indexOf(text, at + 1) >= 0) {
            throw new IllegalStateException("'" + text + "' does not stand once in " + source);
        }
        changed.put(file, before.replace(text, replacement));
        return this;
    }

    /** Compiles it; the arguments of {@code java} that run it. */
    List<String> program(Path target) throws IOException {
        Path sources = Files.createDirectories(target.resolve("sources"));
        Path classes = Files.createDirectories(target.resolve("classes"));
        Path jar = ServiceProcess.unpacked(module);
        List<Path> files = new ArrayList<>();
        for (Map.Entry<Path, String> file : changed.entrySet()) {
            Path copy = sources.resolve(file.getKey().getFileName());
            Files.writeString(copy, file.getValue());
            files.add(copy);
        }
        String classPath = jar + File.pathSeparator + jar.resolveSibling("lib") + File.separator + "*";
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(
                            said,
                            manager,
                            null,
                            List.of("-parameters", "-proc:none", "-d", classes.toString(), "-cp", classPath),
                            null,
                            manager.getJavaFileObjectsFromPaths(files))
                    .call();
            if (!compiled) {
                throw new IllegalStateException("The next version does not compile:" + System.lineSeparator() + said);
            }
        }
        return List.of("-cp", classes + File.pathSeparator + classPath, application);
    }
}
