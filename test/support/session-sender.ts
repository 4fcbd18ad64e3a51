// Sends messages to a session, all at once: node --import tsx session-sender.ts
// ADDRESS, NAMESPACE, TASK_QUEUE, SESSION, NAME and COUNT say what; each message is sent twice under the same id.

import { TurnClient } from '../../src/client/index.js';

const setting = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
};

const turns = await TurnClient.connect({
  address: setting('ADDRESS'),
  namespace: setting('NAMESPACE'),
  taskQueue: setting('TASK_QUEUE'),
});
const session = turns.session(setting('SESSION'), { agent: 'assistant' });
const messages = Array.from({ length: Number(setting('COUNT')) }, (_, n) => `${setting('NAME')}${n}`);
await Promise.all([...messages, ...messages].map((messageId) => session.send(messageId, { messageId })));
await turns.close();
