package io.farandole.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TextTest {

    @Test
    void aTerminalIsGivenNothingToObey() {
        assertThat(Text.line("a\u001b]0;x\u0007b\nc\rd\u202ee😀"))
                .isEqualTo("a\\u001b]0;x\\u0007b c\\u000dd\\u202ee😀");
        assertThat(Text.lines("a\r\n\tb\u0000")).isEqualTo("a\n\tb\\u0000");
    }

    @Test
    void shortensByCharactersNotByHalves() {
        assertThat(Text.shortened("😀😀😀", 2)).isEqualTo("😀…");
        assertThat(Text.shortened("😀😀", 2)).isEqualTo("😀😀");
    }
}
