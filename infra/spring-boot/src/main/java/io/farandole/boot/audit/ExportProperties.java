package io.farandole.boot.audit;

import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is handed out to auditors, {@code farandole.audit.export.*}. Exports are signed with {@code farandole.audit.seal.signing-key}.
 *
 * @param maskedFields names of JSON fields whose values are taken out of exported events, wherever they are, unless somebody asks for
 *     them. Default paymentToken. Fields that are sealed for a person stay sealed in any case
 * @param unmaskedAllowed whether an operator may ask for these values too. Default true; who did is recorded in the journal
 */
@ConfigurationProperties("farandole.audit.export")
public record ExportProperties(
        @DefaultValue("paymentToken") Set<String> maskedFields, @DefaultValue("true") boolean unmaskedAllowed) {

    public ExportProperties {
        maskedFields = Set.copyOf(maskedFields);
        if (maskedFields.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("farandole.audit.export.masked-fields names a blank field");
        }
    }
}
