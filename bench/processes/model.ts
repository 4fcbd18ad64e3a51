/** The model: a scripted Responses server. What it says is ordered by the first words of the prompt. */
import { eachTurn, firstOf, reply, ScriptedResponsesServer, when } from '../../src/testing/index.js';
import type { Script } from '../../src/testing/index.js';
import { serve } from '../support/serve.js';
import { stampedText, STAMP_LENGTH } from '../support/stamps.js';

/** `stream <deltas> <per second>`: deltas that say when they were sent. */
const stream: Script = ({ prompt }) => {
  const [, deltas, perSecond] = prompt.split(' ').map(Number);
  if (!deltas || !perSecond) return undefined;
  return reply.text(() => stampedText(deltas, perSecond), { perSecond, deltas: STAMP_LENGTH });
};

/** `tokens <count> <per second>`: tokens of 4.5 characters, which is half of them of 4 and half of 5. */
const tokens: Script = ({ prompt }) => {
  const [, count = 0, perSecond = 50] = prompt.split(' ').map(Number);
  const half = (deltas: number) =>
    reply.text('lorem'.repeat(count).slice(0, (deltas * count) / 2), { deltas, perSecond });
  return [half(4), half(5)];
};

/** `large <bytes>` */
const large: Script = ({ prompt }) => reply.text('x'.repeat(Number(prompt.split(' ')[1])), { deltas: 64 });

const server = await ScriptedResponsesServer.start({
  script: firstOf(
    when(/^stream /, stream),
    when(/^tokens /, tokens),
    when(/^large /, large),
    when(/^plain/, () => reply.text('Hello, and goodbye.')),
    when(/^quick/, eachTurn([reply.functionCall('quick', { a: 1 }), reply.text('It is done.')])),
    when(/^report/, eachTurn([reply.functionCall('report', {}), reply.text('It is reported.')])),
  ),
});

const calls = {
  url: () => server.url,
  /** How often the model was asked so far. */
  requests: () => server.modelRequests.length,
};
export type ModelCalls = typeof calls;
serve(calls);
