package io.farandole.acceptance.defect;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.acceptance.checker.Violation;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/**
 * Twelve ways in which a framework of this kind is usually wrong, each of them put into ours: the shop takes orders, what provokes the
 * defect happens, and the checker names the order that was harmed by it. Before, in the same shop, the very same happens without the
 * defect, and the checker finds nothing wrong: so it is the mechanism that was taken away which prevents the harm.
 *
 * <p>Defects are put in by decorators of ports, by Axon's and Spring's own extension points, or by the database's administrator; the
 * framework has no switch for any of them.
 */
abstract class DefectiveShop {

    static final String PRODUCT = "p-1";

    private @Nullable ShopInOneJvm open;

    @AfterEach
    void close() {
        if (open != null) {
            open.close();
        }
    }

    /** Opens the test's shop, with goods on the shelf. */
    ShopInOneJvm open(Map<String, Seam> seams) {
        ShopInOneJvm shop = ShopInOneJvm.open(seams);
        open = shop;
        shop.receive(PRODUCT, 1_000);
        return shop;
    }

    /** The checker tells of a broken invariant of what was harmed. */
    static void assertCaught(ShopInOneJvm shop, String invariant, String harmed) throws Exception {
        assertThat(shop.violations()).anySatisfy(it -> {
            assertThat(it.invariant()).isEqualTo(invariant);
            assertThat(it.subject()).isEqualTo(harmed);
        });
    }

    /** The same; and of what went through the same before it tells nothing still. */
    static void assertCaught(ShopInOneJvm shop, String invariant, String harmed, String spared) throws Exception {
        assertCaught(shop, invariant, harmed);
        List<Violation> violations = shop.violations();
        assertThat(violations).noneSatisfy(it -> assertThat(it.subject()).isEqualTo(spared));
    }
}
