package io.farandole.shop.order.registration;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.testservers.Patience;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mail server to which nothing goes in clear: neither by mistake, nor because somebody in between would have it so. */
class MailOverTlsIT {

    private static final String PASSWORD = "only-for-tests";

    private static Path directory;
    private static RegisteringShop shop;

    @BeforeAll
    static void starts(@TempDir Path shared) throws Exception {
        directory = shared;
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("spring.mail.properties.mail.smtp.starttls.enable", "true");
        settings.put("spring.mail.properties.mail.smtp.starttls.required", "true");
        settings.put("spring.mail.ssl.enabled", "false");
        settings.put("spring.mail.ssl.bundle", "mail");
        settings.put("spring.ssl.bundle.pem.mail.truststore.certificate", certificates("here", "elsewhere"));
        shop = new RegisteringShop(settings);
        shop.mailServerIsAway();
    }

    @AfterEach
    void mailServerIsAway() {
        shop.mailServerIsAway();
    }

    @AfterAll
    static void stops() {
        shop.close();
    }

    @Test
    void aMailGoesEncrypted() throws Exception {
        shop.mailServerIsBack(serverWith("here"));
        String email = "ada@encrypted.example";
        shop.awaitState(shop.register(email).customerId(), "SENT");
        assertThat(shop.mails().mailsTo(email)).hasSize(1);
    }

    @Test
    void aServerThatOffersNoEncryptionIsTrustedWithNothing() {
        shop.mailServerIsBack();
        assertStaysHere("ada@clear.example", "the mail server offers no STARTTLS");
    }

    /** Its certificate is trusted, and another server's. */
    @Test
    void aServerThatIsAnotherOneIsTrustedWithNothing() throws Exception {
        shop.mailServerIsBack(serverWith("elsewhere"));
        assertStaysHere("ada@elsewhere.example", "no encrypted connection: CertificateException");
    }

    @Test
    void aServerWithACertificateThatNobodyKnowsIsTrustedWithNothing() throws Exception {
        certificates("unknown");
        shop.mailServerIsBack(serverWith("unknown"));
        assertStaysHere(
                "ada@unknown.example",
                "no encrypted connection: SunCertPathBuilderException; see the server's certificate");
    }

    private static void assertStaysHere(String email, String why) {
        String customerId = shop.register(email).customerId();
        Patience.await("it has been tried more than once")
                .pollInterval(Duration.ofMillis(100))
                .until(() -> attempts(customerId) > 1);
        assertThat(shop.customer(customerId).state()).isEqualTo("PENDING");
        assertThat(shop.jdbc()
                        .queryForObject(
                                "select last_error from farandole.outside_call where process_key = ?",
                                String.class,
                                customerId))
                .contains(why);
        assertThat(shop.mails().attempts(email))
                .as("nobody heard of the address")
                .isZero();
        assertThat(shop.mails().mails()).isEmpty();
    }

    private static int attempts(String customerId) {
        Integer attempts = shop.jdbc()
                .queryForObject(
                        "select coalesce(max(attempts), 0) from farandole.outside_call where process_key = ?",
                        Integer.class,
                        customerId);
        return attempts == null ? 0 : attempts;
    }

    private static SSLContext serverWith(String name) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream stream = Files.newInputStream(store(name))) {
            keys.load(stream, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    /** Makes a key and a certificate for each; that of {@code here} is for the loopback address. */
    private static String certificates(String... names) throws IOException, InterruptedException {
        StringBuilder all = new StringBuilder();
        for (String name : names) {
            keytool(
                    "-genkeypair",
                    "-keyalg",
                    "EC",
                    "-validity",
                    "2",
                    "-dname",
                    "CN=" + name,
                    "-ext",
                    name.equals("elsewhere") ? "san=dns:elsewhere.example" : "san=ip:127.0.0.1",
                    "-keystore",
                    store(name).toString());
            Path exported = directory.resolve(name + ".pem");
            keytool(
                    "-exportcert",
                    "-rfc",
                    "-file",
                    exported.toString(),
                    "-keystore",
                    store(name).toString());
            all.append(Files.readString(exported));
        }
        return all.toString();
    }

    private static Path store(String name) {
        return directory.resolve(name + ".p12");
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder command = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.command().addAll(List.of(arguments));
        command.command().addAll(List.of("-alias", "server", "-storetype", "PKCS12", "-storepass", PASSWORD));
        Path output = directory.resolve("keytool.log");
        Process process = command.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    }
}
