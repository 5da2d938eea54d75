package io.farandole.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;

class HeapTest {

    @Test
    void readsG1() {
        assertThat(
                        Heap.mebibytes(
                                """
                4711:
                 garbage-first heap   total 262144K, used 46080K [0x00000000e0000000, 0x0000000100000000)
                  region size 1024K, 12 young (12288K), 3 survivors (3072K)
                 Metaspace       used 91234K, committed 92000K, reserved 1146880K
                  class space    used 11234K, committed 11500K, reserved 1048576K
                """))
                .isEqualTo(45);
    }

    @Test
    void readsBothGenerationsOfSerial() {
        assertThat(
                        Heap.mebibytes(
                                """
                4711:
                 def new generation   total 39296K, used 1024K [0x1, 0x2, 0x3)
                  eden space 34944K,   2% used [0x1, 0x2, 0x3)
                 tenured generation   total 87424K, used 3072K [0x1, 0x2, 0x3)
                   the space 87424K,   3% used [0x1, 0x2, 0x3, 0x4)
                 Metaspace       used 102K, committed 320K, reserved 1114112K
                """))
                .isEqualTo(4);
    }

    @Test
    void readsMebibytesOfZ() {
        assertThat(Heap.mebibytes(" ZHeap           used 26M, capacity 512M, max capacity 512M\n"))
                .isEqualTo(26);
    }

    @Test
    void anAnswerWithoutAHeapIsNoZero() {
        assertThatIllegalArgumentException().isThrownBy(() -> Heap.mebibytes("4711:\nno such thing"));
    }

    @Test
    void asksThisMachineItself() throws Exception {
        long pid = ProcessHandle.current().pid();
        assertThat(Heap.usedAfterCollection(Map.of("this", pid)).get("this")).isPositive();
    }
}
