/** The order of the benchmarks as a BPMN process in an embedded Camunda 7, with participants that have a database each. */
package io.farandole.bench.peers.camunda;
