/** The wire of a dialect differs; what the synthesizer reads from it may not. */
import OpenAI, { toFile } from 'openai';
import { beforeAll, describe, expect, test } from 'vitest';
import type { StepDraft } from '../../events/index.js';
import { advance, outcome, startResponse } from '../../synthesizer/index.js';
import type { ResponseOutcome } from '../../synthesizer/index.js';
import { reply, ScriptedResponsesServer } from '../index.js';
import type { Dialect, DialectOption, Script } from '../index.js';

const ARGUMENTS = { text: 'Great work is what you are curious about.' };

/** Text, a search and a call; then the answer. */
const script: Script = ({ outputs }) =>
  outputs.length > 0
    ? [
        reply.reasoning('It is saved.'),
        reply.text({ text: 'Saved it.', annotations: [{ type: 'file_citation', file_id: 'f', index: 4 }] }),
      ]
    : [
        reply.text('Let me look that up.'),
        reply.fileSearch('great work'),
        reply.functionCall('save_note', ARGUMENTS),
        reply.functionCall('save_note', { text: 'Another one' }),
      ];

interface Heard {
  readonly outcome: ResponseOutcome | undefined;
  readonly steps: readonly StepDraft[];
}

async function hear(dialect: DialectOption): Promise<readonly Heard[]> {
  const server = await ScriptedResponsesServer.start({ dialect, script });
  try {
    const client = new OpenAI({ baseURL: server.url, apiKey: 'any', maxRetries: 0 });
    const store = await client.vectorStores.create({ name: 'v' });
    const file = await client.files.create({
      file: await toFile(Buffer.from('Great work needs curiosity.'), 'essay.txt'),
      purpose: 'assistants',
    });
    await client.vectorStores.files.createAndPoll(store.id, { file_id: file.id });
    const tools: OpenAI.Responses.Tool[] = [
      { type: 'file_search', vector_store_ids: [store.id] },
      { type: 'function', name: 'save_note', strict: false, parameters: { type: 'object' } },
    ];
    const listen = async (input: OpenAI.Responses.ResponseInput): Promise<Heard> => {
      let state = startResponse({
        stepPrefix: '0001.000000001.',
        attempt: 1,
        model: 'm',
        clientTools: [{ type: 'function', name: 'save_note' }],
      });
      const steps: StepDraft[] = [];
      const events = await client.responses.create({
        model: 'm',
        input,
        tools,
        include: ['file_search_call.results'],
        stream: true,
      });
      for await (const event of events) {
        const next = advance(state, event);
        state = next.state;
        steps.push(...next.events);
      }
      return { outcome: outcome(state), steps };
    };
    // Stateless, which every dialect can: what was said and called goes along.
    const question = { role: 'user', content: 'How do you do great work?' } as const;
    const first = await listen([question]);
    const calls = first.outcome?.function_calls ?? [];
    const second = await listen([
      question,
      ...calls.map(({ call_id, tool_name, arguments: args }) => ({
        type: 'function_call' as const,
        call_id,
        name: tool_name,
        arguments: args,
      })),
      ...calls.map(({ call_id }) => ({ type: 'function_call_output' as const, call_id, output: 'saved' })),
    ]);
    return [first, second];
  } finally {
    await server.stop();
  }
}

/** The same for every server but for its ids and numbers. */
function comparable(heard: readonly Heard[]): unknown {
  return heard.map(({ outcome: end, steps }) => ({
    end: {
      ...end,
      response_id: typeof end?.response_id,
      // Of the input's tokens ids are a part.
      usage: end?.usage?.output_tokens,
      function_calls: end?.function_calls.map(({ call_id, item_id, ...call }) => ({
        ...call,
        ids: [typeof call_id, typeof item_id],
      })),
    },
    // Deltas may come in other places, so the texts and results of the steps are compared.
    steps: steps.flatMap((event) => {
      if (event.type !== 'step_completed') return [];
      if (event.step_type === 'tool_execution') {
        const contents = event.result.tool_responses.map(({ content }) => withoutIds(content));
        return [[event.status, event.result.tool_calls.map(({ tool_name }) => tool_name), contents]];
      }
      const { text_content, reasoning, annotations, stop_reason } = event.result;
      return [[event.status, text_content, reasoning, annotations, stop_reason]];
    }),
  }));
}

function withoutIds(content: unknown): unknown {
  return JSON.parse(JSON.stringify(content).replaceAll(/\b([a-z]+[_-])[\da-f]{20,}/g, '$1'));
}

const NAMES = [
  'ogx',
  'huggingface',
  'lmstudio',
  'bedrock',
  'openrouter',
  'copilot',
  'vllm',
] as const satisfies readonly DialectOption[];

const FLAGS: Partial<{ [K in keyof Dialect]: readonly Dialect[K][] }> = {
  eventLines: [false],
  doneMarker: [true],
  keepalive: ['comment', 'event'],
  sequenceNumbers: ['gaps', 'none'],
  ids: ['rotating', 'other_at_end'],
  outputIndexes: ['shared', 'added_at_zero'],
  responseIds: [true],
  textDone: [false],
  annotationEvents: [false],
  argumentDeltas: [false],
  hostedArguments: ['first'],
  callIds: ['per_response'],
};
const SINGLE: DialectOption[] = Object.entries(FLAGS).flatMap(([flag, values]) =>
  values.map((value) => ({ [flag]: value })),
);

describe('the synthesizer reads a turn to the same end', () => {
  let plain: readonly Heard[];
  beforeAll(async () => {
    plain = await hear('openai');
  });

  test('which is that of its script', () => {
    expect(plain.map(({ outcome: end }) => end?.stop_reason)).toEqual(['tool_calls', 'end_of_turn']);
    expect(plain[0]?.outcome?.function_calls.map((call) => call.arguments)).toEqual([
      JSON.stringify(ARGUMENTS),
      '{"text":"Another one"}',
    ]);
    expect(plain[1]?.outcome?.final_text).toBe('Saved it.');
  });

  test.each(NAMES)('from %s', async (dialect) => {
    expect(comparable(await hear(dialect))).toEqual(comparable(plain));
  });

  test.each(SINGLE)('with %j', async (dialect) => {
    expect(comparable(await hear(dialect))).toEqual(comparable(plain));
  });

  test('with everything that bends the wire at once', async () => {
    const all = Object.assign({}, ...SINGLE, { ids: 'stable', sequenceNumbers: 'gaps' });
    expect(comparable(await hear(all))).toEqual(comparable(plain));
  });
});
