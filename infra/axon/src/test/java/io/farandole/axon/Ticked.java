package io.farandole.axon;

/** An event of a process under test; numbers count from 1 per key. */
record Ticked(String key, int number) {}
