import { describe, expect, test } from 'vitest';
import {
  added,
  completed,
  created,
  done,
  functionCall,
  message,
  textDelta,
} from '../../test/support/synthesis.js';
import type { JsonObject } from '../events/index.js';
import { recordedResponses } from './recorded-responses.js';
import { recordedTurn } from './recorded-turn.js';

const answer = message('msg_1', 'Hello');
const streaming = [
  created,
  added({ type: 'message', id: 'msg_1', content: [] }),
  textDelta('msg_1', 'Hel', { sequence_number: 2 }),
];
const rest = [textDelta('msg_1', 'lo', { sequence_number: 3 }), done(answer), completed([answer])];

const turnOf = (...recordings: readonly (readonly JsonObject[])[]) =>
  recordedTurn(recordedResponses(recordings)).events;

describe('the recorded turn', () => {
  test('ends as its last response did', () => {
    const failed = {
      type: 'response.failed',
      response: { error: { code: 'server_error', message: 'Sorry.' } },
    };
    const cut = { type: 'response.incomplete', response: { incomplete_details: { reason: 'length' } } };
    const ends = [[completed([answer])], [failed], [cut], []].map((end) => turnOf([created, ...end]).at(-1));
    expect(ends).toMatchObject([
      { type: 'turn_completed', status: 'completed', final_text: 'Hello' },
      { type: 'turn_failed', error: { code: 'server_error', retryable: true } },
      { type: 'turn_completed', status: 'incomplete', stop_reason: 'length' },
      { type: 'turn_failed', error: { code: 'stream_interrupted', retryable: true } },
    ]);
  });

  test('has one response for a stream that was resumed in another recording', () => {
    const resumed = [{ type: 'response.in_progress', response: { id: 'resp_1' } }, ...rest];
    expect(turnOf(streaming, resumed)).toEqual(turnOf([...streaming, ...rest]));
  });

  test('drops what a response said that was asked for again', () => {
    const events = turnOf(streaming, [
      { ...created, response: { id: 'resp_2' } },
      completed([answer], { id: 'resp_2' }),
    ]);
    const superseded = events.filter(({ type }) => type === 'step_superseded');
    expect(superseded).toMatchObject([{ reason: { code: 'stream_interrupted' } }]);
    expect(events.at(-1)).toMatchObject({ final_text: 'Hello', num_steps: 1, response_ids: ['resp_2'] });
  });

  test('asks for the approval that nobody gave, and does not end', () => {
    const asked = {
      type: 'mcp_approval_request',
      id: 'mcpr_1',
      name: 'pay',
      server_label: 'bank',
      arguments: '{}',
    };
    expect(turnOf([created, added(asked), completed([asked])]).at(-1)).toMatchObject({
      type: 'input_required',
      input_id: 'mcpr_1',
      kind: 'approval',
      tool_name: 'pay',
      server_label: 'bank',
    });
  });

  test('reads several responses of one recording', () => {
    const call = functionCall('fc_1', '{}');
    const events = turnOf([
      created,
      completed([call]),
      { ...created, response: { id: 'resp_2' } },
      completed([answer], { id: 'resp_2' }),
    ]);
    expect(events.at(-1)).toMatchObject({ num_steps: 3, response_ids: ['resp_1', 'resp_2'] });
  });
});
