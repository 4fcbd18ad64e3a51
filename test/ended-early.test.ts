// What a turn leaves behind in its conversation when it ends before its calls are answered: nothing open,
// nothing twice, and a conversation that the next turn can go on with.

import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineAgent, defineTool } from '../src/index.js';
import type { Agent } from '../src/index.js';
import type { StepState, TurnProgress } from '../src/events.js';
import { eachTurn, firstOf, reply, ScriptedResponsesServer, when as says } from '../src/testing/index.js';
import type { TurnInput } from '../src/workflows/index.js';
import { itemsOf } from './support/conversation.js';
import { startRig } from './support/rig.js';
import type { Rig } from './support/rig.js';
import { seenBy } from './support/watch.js';

const parameters = z.object({});
const tools = [
  defineTool({ name: 'quick', parameters, execute: () => 'ok' }),
  defineTool({ name: 'patient', parameters, execute: (_args, { signal }) => untilAborted(signal) }),
  defineTool({ name: 'asking', parameters, needsApproval: true, execute: () => 'ran' }),
  defineTool({
    name: 'fatal',
    parameters,
    retry: { maximumAttempts: 1 },
    onFailure: 'fail-turn',
    execute: () => Promise.reject(new Error('broken')),
  }),
];

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
  });
}

const LONG = 'word '.repeat(2000);
const servers = ['openai', 'ogx'] as const;
type Server = (typeof servers)[number];

interface Early {
  readonly input: string;
  readonly limits?: TurnInput['limits'];
  /** Default: an agent without limits. */
  readonly agent?: 'patient' | 'hasty';
  /** Cancel when this is to be seen. */
  readonly cancelWhen?: (progress: TurnProgress) => boolean;
  readonly end: object;
  /** What the server itself puts into the conversation. */
  readonly items: readonly string[];
  /** What the calls that are open then are answered with, where everything is known. */
  readonly answers: readonly string[];
  /** Where it cannot be put there. */
  readonly open?: readonly string[];
}

const cancelled = { type: 'turn_cancelled' };
const stopped = (stop_reason: string) => ({ type: 'turn_completed', status: 'incomplete', stop_reason });
const OK = 'function_call_output: ok';
const ABORTED = 'function_call_output: aborted';
const CALL = 'function_call';

/** The named tools are in these states. */
const when = (states: Readonly<Record<string, StepState>>) => (progress: TurnProgress) =>
  Object.entries(states).every(([name, state]) =>
    progress.steps.some(
      (step) => step.step_type === 'tool_execution' && step.tool_name === name && step.state === state,
    ),
  );
const speaking = ({ steps }: TurnProgress) => {
  const last = steps.at(-1);
  return last?.step_type === 'inference' && last.text.length > 20;
};

const MOMENTS: Readonly<Record<string, Early>> = {
  'the limit of responses': {
    input: 'quick alone',
    limits: { max_responses: 1 },
    end: stopped('limit_responses'),
    items: ['user: quick alone', CALL],
    answers: [ABORTED],
    open: ['quick'],
  },
  'the limit of tokens': {
    input: 'quick alone',
    limits: { max_tokens: 1 },
    end: stopped('limit_tokens'),
    items: ['user: quick alone', CALL],
    answers: [ABORTED],
    open: ['quick'],
  },
  'the limit of time': {
    input: 'patient alone',
    agent: 'hasty',
    end: stopped('limit_time'),
    items: ['user: patient alone', CALL],
    answers: [ABORTED],
    open: ['patient'],
  },
  'the limit of an answer, with a call in it': {
    input: 'cut short',
    end: stopped('max_output_tokens'),
    items: ['user: cut short', CALL, OK, CALL],
    answers: [ABORTED],
  },
  'a cancel before the model has said all': {
    input: 'slow at once',
    cancelWhen: speaking,
    end: cancelled,
    items: [],
    answers: [],
  },
  'a cancel while the model speaks about an output': {
    input: 'slow in the end',
    cancelWhen: speaking,
    end: cancelled,
    items: ['user: slow in the end', CALL],
    answers: [OK],
    open: ['quick'],
  },
  'a cancel while one of two tools runs': {
    input: 'side by side',
    cancelWhen: when({ quick: 'completed', patient: 'running' }),
    end: cancelled,
    items: ['user: side by side', CALL, CALL],
    answers: [OK, ABORTED],
    open: ['quick', 'patient'],
  },
  'a cancel while an approval is open': {
    input: 'asking',
    cancelWhen: (progress) => progress.state === 'waiting' && when({ quick: 'completed' })(progress),
    end: cancelled,
    items: ['user: asking', CALL, CALL],
    answers: [OK, ABORTED],
    open: ['quick', 'asking'],
  },
  'a cancel while the server asks for an approval': {
    input: 'server asks',
    cancelWhen: (progress) => progress.state === 'waiting' && when({ quick: 'completed' })(progress),
    end: cancelled,
    items: ['user: server asks', CALL, 'mcp_approval_request'],
    answers: [OK, 'mcp_approval_response: false'],
    open: ['quick', 'measure'],
  },
  'a tool that fails the turn': {
    input: 'fatal',
    end: { type: 'turn_failed', error: { code: 'Error' } },
    items: ['user: fatal', CALL, CALL],
    answers: [OK, ABORTED],
    open: ['quick', 'fatal'],
  },
  'a model that is down when it is given the output': {
    input: 'down in the end',
    end: { type: 'turn_failed', error: { http_status: 500 } },
    items: ['user: down in the end', CALL],
    answers: [OK],
    open: ['quick'],
  },
  'an answer that is lost, but is in the conversation': {
    input: 'lost in the end',
    end: { type: 'turn_failed', error: { code: 'stream_interrupted' } },
    items: ['user: lost in the end', CALL, OK, CALL],
    answers: [ABORTED],
    open: ['quick'],
  },
};

const models = new Map<Server, ScriptedResponsesServer>();
let rig: Rig;

beforeAll(async () => {
  const call = (name: string) => reply.functionCall(name);
  const slow = reply.text(LONG, { perSecond: 20 });
  const script = firstOf(
    says(
      ({ body }) => body['tool_choice'] === 'none',
      () => reply.text('Noted.'),
    ),
    says('and now?', () => reply.text('more')),
    says('quick alone', eachTurn([call('quick'), reply.text('done')])),
    says('patient alone', () => call('patient')),
    says('cut short', eachTurn([call('quick'), [call('quick'), reply.incomplete('max_output_tokens')]])),
    says('slow at once', () => slow),
    says('slow in the end', eachTurn([call('quick'), slow])),
    says('side by side', () => [call('quick'), call('patient')]),
    says('asking', () => [call('quick'), call('asking')]),
    says('server asks', () => [call('quick'), reply.mcpApproval('lab', 'measure')]),
    says('fatal', () => [call('quick'), call('fatal')]),
    says('down in the end', eachTurn([call('quick'), reply.status(500, { message: 'down' })])),
    says(
      'lost in the end',
      eachTurn([call('quick'), [call('patient'), reply.cut(undefined, { committed: true })]]),
    ),
  );
  const agents: Agent[] = [];
  for (const name of servers) {
    const model = await ScriptedResponsesServer.start({ script, dialect: name });
    models.set(name, model);
    const openai = new OpenAI({ apiKey: 'k', baseURL: model.url });
    const common = { model: 'scripted', server: name, tools, inference: { maximumAttempts: 1 }, openai };
    agents.push(
      defineAgent({ ...common, name: `patient-${name}` }),
      // An agent's limit does not cut off the first response: its call is always there.
      defineAgent({ ...common, name: `hasty-${name}`, limits: { max_seconds: 1 } }),
    );
  }
  rig = await startRig({ agents });
});

afterAll(async () => {
  await rig?.stop();
  await Promise.all([...models.values()].map((model) => model.stop()));
});

async function endEarly(server: Server, { input, limits, agent = 'patient', cancelWhen }: Early) {
  const openai = new OpenAI({ apiKey: 'k', baseURL: models.get(server)?.url });
  const { id: conversation } = await openai.conversations.create({});
  const turn = await rig.turns.start({
    agent: `${agent}-${server}`,
    input,
    conversation,
    ...(limits ? { limits } : {}),
  });
  if (cancelWhen) {
    while (!cancelWhen(await turn.progress())) await new Promise((resolve) => setTimeout(resolve, 20));
    await turn.cancel();
  }
  const events = await seenBy(rig, turn);
  const left = await itemsOf(openai, conversation);
  const next = await rig.turns.start({ agent: `patient-${server}`, input: 'and now?', conversation });
  await seenBy(rig, next);
  const { status, final_text } = await next.result();
  return {
    end: events.at(-1),
    left,
    after: await itemsOf(openai, conversation),
    next: { status, final_text },
  };
}

const NEXT = { status: 'completed', final_text: 'more' };
const SAID_NEXT = ['user: and now?', 'assistant: more'];

describe.concurrent.each(Object.entries(MOMENTS))('a turn that ends by %s', (_moment, early) => {
  const { end, items, answers, open } = early;

  test('answers its open calls in the conversation at once', async () => {
    const seen = await endEarly('openai', early);
    expect(seen.end).toMatchObject(end);
    expect(seen.end).not.toHaveProperty('open_calls');
    expect(seen.left).toEqual([...items, ...answers].toSorted());
    expect(seen.next).toEqual(NEXT);
    expect(seen.after).toEqual([...items, ...answers, ...SAID_NEXT].toSorted());
  });

  test('lists them where only a request can answer them, and the next turn does', async () => {
    const seen = await endEarly('ogx', early);
    expect(seen.end).toMatchObject({
      ...end,
      ...(open ? { open_calls: open.map((tool_name) => ({ tool_name })) } : {}),
    });
    expect(seen.left).toEqual(items.toSorted());
    expect(seen.next).toEqual(NEXT);
    const aborted = answers.map((answer) => answer.replace(OK, ABORTED));
    // Outputs go there in a request of their own, which the model answers.
    const noted = aborted.length > 0 ? ['assistant: Noted.'] : [];
    expect(seen.after).toEqual([...items, ...aborted, ...noted, ...SAID_NEXT].toSorted());
  });
});
