/** The order of the benchmarks as a long-running action of Narayana, with participants that have a database each. */
package io.farandole.bench.peers.lra;
