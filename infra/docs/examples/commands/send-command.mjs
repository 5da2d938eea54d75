// Sends a command over AMQP with nothing of Farandole, waits for its answer, and prints it. `npm install` in this folder first.
//
//   node send-command.mjs ID TYPE BODY     node send-command.mjs r-1 stock.receive-goods.v1 '{"productId":"p-1","quantity":40}'
//
// RABBIT_HOST (127.0.0.1), RABBIT_PORT (5672), RABBIT_VHOST (farandole), RABBIT_USER and RABBIT_PASSWORD: those of the sender.
// Exit code 0: done; 1: refused; 2: no answer. Whoever has no answer sends the same once more: it is carried out once.
import { connect } from 'amqplib';

const [id, type, body] = process.argv.slice(2);
const { RABBIT_HOST = '127.0.0.1', RABBIT_PORT = '5672', RABBIT_VHOST = 'farandole', RABBIT_USER, RABBIT_PASSWORD } = process.env;
const context = type.split('.')[0];
const replies = `${RABBIT_USER}.replies`;
const patience = 30_000;

const connection = await connect({
  hostname: RABBIT_HOST,
  port: Number(RABBIT_PORT),
  vhost: RABBIT_VHOST,
  username: RABBIT_USER,
  password: RABBIT_PASSWORD,
  heartbeat: 10,
});
try {
  // With confirms: what the broker has confirmed is answered, whoever dies.
  const channel = await connection.createConfirmChannel();
  const answered = new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`No answer to ${id} within ${patience / 1000} s`)), patience);
    channel
      .consume(replies, (message) => {
        if (message === null) {
          reject(new Error(`${replies} was deleted`));
          return;
        }
        channel.ack(message);
        // An answer may come twice, or late: those to other commands are passed over.
        if (message.properties.correlationId === id) {
          clearTimeout(late);
          resolve(JSON.parse(message.content.toString('utf8')));
        }
      })
      .catch(reject);
  });
  channel.publish(`${context}.commands`, type, Buffer.from(body, 'utf8'), {
    messageId: id,
    userId: RABBIT_USER,
    replyTo: replies,
    contentType: 'application/json',
    persistent: true,
    mandatory: true,
  });
  await channel.waitForConfirms();
  const answer = await answered;
  // Before the connection, or the acknowledgement may stay behind and the answer come again.
  await channel.close();
  console.log(JSON.stringify(answer));
  process.exitCode = answer.outcome === 'done' ? 0 : 1;
} catch (failure) {
  console.error(`${failure.message}. Send it again under the same id: it is carried out once`);
  process.exitCode = 2;
} finally {
  await connection.close();
}
