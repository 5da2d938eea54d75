/** Seata's server in a process of its own. */
package io.farandole.bench.peers.seata.server;
