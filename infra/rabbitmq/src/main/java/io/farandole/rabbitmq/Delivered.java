package io.farandole.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;

/** A message as it came from a queue; the tag is good on the channel that it came through only. */
@SuppressWarnings("ArrayRecordComponent") // never compared; bodies are not copied
record Delivered(long tag, String exchange, String routingKey, BasicProperties properties, byte[] body) {

    /** Names the message without body and headers. */
    @Override
    public String toString() {
        return "delivery " + tag + " from " + exchange + " with " + routingKey;
    }
}
