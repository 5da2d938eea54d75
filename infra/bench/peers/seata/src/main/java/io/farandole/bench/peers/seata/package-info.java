/** The order of the benchmarks as a global transaction of Seata in TCC mode, with participants that have a database each. */
package io.farandole.bench.peers.seata;
