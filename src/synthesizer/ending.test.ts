import { describe, expect, test } from 'vitest';
import {
  STREAM_LOST,
  added,
  completed,
  created,
  done,
  message,
  synthesize,
  textDelta,
} from '../../test/support/synthesis.js';

const search = { type: 'web_search_call', id: 'ws_1', status: 'in_progress' };
const half = [created, added({ type: 'message', id: 'msg_1', content: [] }), textDelta('msg_1', 'Hel')];

describe('a completed response', () => {
  test('puts its totals on the last inference step, and nowhere else', () => {
    const usage = {
      input_tokens: 10,
      output_tokens: 5,
      total_tokens: 15,
      input_tokens_details: { cached_tokens: 4 },
      output_tokens_details: { reasoning_tokens: 2 },
    };
    const { events, outcome } = synthesize(
      [
        created,
        added(search),
        done(search),
        completed([search], { usage, service_tier: 'default', model: 'the-model-1' }),
      ],
      { agentHash: 'abc' },
    );
    const inferences = events.filter(
      (event) => event.type === 'step_completed' && event.step_type === 'inference',
    );
    expect(inferences).toMatchObject([
      { result: { stop_reason: 'server_tool_call', function_calls: [], server_tool_executions: [] } },
      {
        result: {
          stop_reason: 'end_of_turn',
          usage,
          service_tier: 'default',
          agent_hash: 'abc',
          model: 'the-model-1',
        },
      },
    ]);
    expect(inferences[0]?.type === 'step_completed' && 'usage' in inferences[0].result).toBe(false);
    expect(outcome).toMatchObject({ usage, model: 'the-model-1' });
  });

  test('that is all there is of the stream is told whole', () => {
    const found = { ...search, status: 'completed', action: { type: 'search', query: 'q' } };
    const { story } = synthesize([completed([found, message('msg_1', 'Hi')])]);
    expect(story.filter((line) => !line.includes('result'))).toEqual([
      '+000 web_search',
      '-000 completed',
      '+001 inference',
      '001 text Hi',
      '-001 completed end_of_turn',
    ]);
  });

  test('counts as incomplete when its status says so', () => {
    const end = completed([], { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
    expect(synthesize([created, end]).outcome).toMatchObject({
      status: 'incomplete',
      stop_reason: 'max_output_tokens',
    });
  });
});

test('an incomplete response ends with the reason that the server gives', () => {
  const response = {
    output: [message('msg_1', 'Hell')],
    incomplete_details: { reason: 'max_output_tokens' },
  };
  const { story, outcome } = synthesize([...half, { type: 'response.incomplete', response }]);
  expect(story.slice(-2)).toEqual(['000 text l', '-000 incomplete max_output_tokens']);
  expect(outcome).toMatchObject({ status: 'incomplete', final_text: 'Hell' });
  expect(outcome).not.toHaveProperty('error');
});

describe('a response that fails', () => {
  test('closes every open step with the error', () => {
    const error = { code: 'server_error', message: 'Sorry.' };
    const { events, story, outcome } = synthesize([
      created,
      added(search),
      { type: 'response.failed', response: { id: 'resp_1', status: 'failed', error } },
    ]);
    expect(story).toEqual([
      '+000 inference',
      '-000 completed server_tool_call',
      '+001 web_search',
      '-001 failed',
      '+002 inference',
      '-002 failed server_error',
    ]);
    expect(events.at(-1)).toMatchObject({
      error: { ...error, source: 'model', retryable: true, response_id: 'resp_1', attempt: 1 },
    });
    expect(outcome).toMatchObject({ status: 'failed', error, function_calls: [] });
  });

  test('ends once when the server sends an error and then failed', () => {
    const nested = {
      type: 'error',
      error: { type: 'insufficient_quota', code: 'insufficient_quota', message: 'Pay.' },
    };
    const { story, outcome } = synthesize([...half, nested, { type: 'response.failed', response: {} }]);
    expect(story.slice(-1)).toEqual(['-000 failed insufficient_quota']);
    expect(outcome).toMatchObject({
      final_text: 'Hel',
      error: { code: 'insufficient_quota', message: 'Pay.' },
    });
  });

  test('by an error event before anything else has a step to show it', () => {
    const { story, events, outcome } = synthesize([
      { type: 'error', code: '404', message: 'No such response.' },
    ]);
    expect(story).toEqual(['+000 inference', '-000 failed 404']);
    expect(outcome?.error).toEqual({ code: '404', message: 'No such response.', http_status: 404 });
    expect(events.at(-1)).toMatchObject({ error: { http_status: 404, retryable: false } });
  });

  test('by being cancelled at the server says so', () => {
    const end = { type: 'response.cancelled', response: { id: 'resp_1', status: 'cancelled' } };
    expect(synthesize([created, end]).outcome).toMatchObject({
      status: 'failed',
      error: { code: 'cancelled' },
    });
  });

  test('without a word of why still says what to call it', () => {
    expect(synthesize([{ type: 'error' }]).outcome?.error?.code).toBe('response_failed');
  });
});

describe('a stream that is lost', () => {
  test('closes what is open and keeps what was said', () => {
    const { story, outcome, events } = synthesize([...half, STREAM_LOST]);
    expect(story.slice(-1)).toEqual(['-000 failed stream_interrupted']);
    expect(events.at(-1)).toMatchObject({ result: { text_content: 'Hel' }, error: { retryable: true } });
    expect(outcome).toMatchObject({ status: 'interrupted', final_text: 'Hel' });
  });

  test('before anything was said has nothing to close', () => {
    expect(synthesize([STREAM_LOST]).story).toEqual([]);
  });

  test('after the end changes nothing', () => {
    expect(synthesize([created, completed([]), STREAM_LOST]).outcome?.status).toBe('completed');
  });
});
