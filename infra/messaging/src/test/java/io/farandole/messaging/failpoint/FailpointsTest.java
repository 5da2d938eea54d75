package io.farandole.messaging.failpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FailpointsTest {

    @Test
    void nothingListensUnlessAClassOnTheClassPathDoes() {
        assertThat(Failpoints.LISTENER).isNull();
        for (Failpoint failpoint : Failpoint.values()) {
            failpoint.reached();
        }
    }

    @Test
    void aListenerOnTheClassPathIsFound() {
        FailpointListener found = Failpoints.find(new ClassPathWith(Recording.class.getName()));
        assertThat(found).isInstanceOf(Recording.class);
        assertThat(found).isNotNull();
        found.reached(Failpoint.RELAY_CONFIRMED);
        assertThat(((Recording) found).reached).containsExactly(Failpoint.RELAY_CONFIRMED);
    }

    @Test
    void twoListenersAreRefused() {
        ClassPathWith two = new ClassPathWith(Recording.class.getName() + "\n" + Other.class.getName());
        assertThatThrownBy(() -> Failpoints.find(two))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(Recording.class.getName())
                .hasMessageContaining(Other.class.getName())
                .hasMessageContaining("leave one of them");
    }

    /** Notes what it is told. */
    public static final class Recording implements FailpointListener {

        private final Set<Failpoint> reached = EnumSet.noneOf(Failpoint.class);

        @Override
        public void reached(Failpoint failpoint) {
            reached.add(failpoint);
        }
    }

    /** One too many. */
    public static final class Other implements FailpointListener {

        @Override
        public void reached(Failpoint failpoint) {
            throw new UnsupportedOperationException("never asked");
        }
    }

    /** The test's class path, and a file that names services. */
    private static final class ClassPathWith extends ClassLoader {

        private final String services;

        ClassPathWith(String services) {
            super(FailpointsTest.class.getClassLoader());
            this.services = services;
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            return name.equals("META-INF/services/" + FailpointListener.class.getName())
                    ? Collections.enumeration(List.of(url()))
                    : super.getResources(name);
        }

        private URL url() throws MalformedURLException {
            return new URL(null, "services:file", new URLStreamHandler() {
                @Override
                protected URLConnection openConnection(URL url) {
                    return new URLConnection(url) {
                        @Override
                        public void connect() {}

                        @Override
                        public ByteArrayInputStream getInputStream() {
                            return new ByteArrayInputStream(services.getBytes(StandardCharsets.UTF_8));
                        }

                        @Override
                        public @Nullable String getContentType() {
                            return null;
                        }
                    };
                }
            });
        }
    }
}
