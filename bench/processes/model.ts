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

const requestsOf = (prompt: string) =>
  server.modelRequests.filter(({ body }) => Object(body)['input'] === prompt);

interface Streamed {
  readonly prompt: string;
  /** Which of its requests, from 1. */
  readonly nth: number;
  readonly events: number;
}

const calls = {
  url: () => server.url,
  /** How often the model was asked so far. */
  requests: () => server.modelRequests.length,
  /** Waits until a request for the prompt is answered with so many events; gives the time in ms at which it came. */
  async streamed({ prompt, nth, events }: Streamed): Promise<number> {
    const entry = await server.waitForRequest(
      (one) => one.sent_events >= events && one === requestsOf(prompt)[nth - 1],
    );
    return Date.parse(entry.at);
  },
  /** Waits until the client has closed the first request for the prompt; gives the time in ms, NaN if it had its end. */
  async closed(prompt: string): Promise<number> {
    const entry = await server.waitForRequest((one) => one.finished && one === requestsOf(prompt)[0]);
    return Date.parse(entry.client_closed_at ?? '');
  },
};
export type ModelCalls = typeof calls;
serve(calls);
