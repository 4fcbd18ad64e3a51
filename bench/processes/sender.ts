/** Sends messages to a session, all at once, and tells how long each took. ADDRESS, NAMESPACE and TASK_QUEUE say where. */
import { TurnClient } from '../../src/client/index.js';
import { serve, setting } from '../support/serve.js';

const turns = await TurnClient.connect({
  address: setting('ADDRESS'),
  namespace: setting('NAMESPACE'),
  taskQueue: setting('TASK_QUEUE'),
});
// Connections are open before the first message.
await turns.checkWorker();

const calls = {
  /** The times in ms. */
  async send({
    sessionId,
    messageIds,
  }: {
    readonly sessionId: string;
    readonly messageIds: readonly string[];
  }) {
    const session = turns.session(sessionId, { agent: 'talker' });
    return Promise.all(
      messageIds.map(async (messageId) => {
        const start = performance.now();
        await session.send(`plain ${messageId}`, { messageId });
        return performance.now() - start;
      }),
    );
  },
};
export type SenderCalls = typeof calls;
serve(calls);
