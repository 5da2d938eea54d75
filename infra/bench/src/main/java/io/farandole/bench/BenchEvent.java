package io.farandole.bench;

/**
 * What is appended.
 *
 * @param id rises by one
 * @param text about as long as an ordinary event's payload
 */
public record BenchEvent(long id, String text) {}
