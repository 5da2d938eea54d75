package io.farandole.acceptance.checker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CheckerTest {

    @Test
    void passesWhatIsRight() {
        assertThat(Checker.check(new SyntheticShop().sources())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void finds(Defect defect) {
        SyntheticShop shop = new SyntheticShop();
        defect.seedInto(shop);
        List<Violation> violations = Checker.check(shop.sources());
        assertThat(violations).anySatisfy(it -> {
            assertThat(it.invariant()).isEqualTo(defect.invariant);
            assertThat(it.subject()).isEqualTo(defect.subject);
        });
        assertThat(violations.toString()).doesNotContain("tok_");
    }

    @Test
    void checksAJournalAloneForWhatIsInIt() {
        SyntheticShop shop = new SyntheticShop();
        shop.journals.remove("payment");
        assertThat(Checker.check(Sources.of(shop.journals)))
                .noneSatisfy(it -> assertThat(it.invariant()).isIn("I3", "I4", "I5"));
    }
}
