import { expect, test } from 'vitest';
import {
  added,
  completed,
  created,
  done,
  message,
  synthesize,
  textDelta,
} from '../../test/support/synthesis.js';

test('summaries and reasoning text are told apart', () => {
  const reasoning = {
    type: 'reasoning',
    id: 'rs_1',
    summary: [
      { type: 'summary_text', text: 'First' },
      { type: 'summary_text', text: 'Second' },
    ],
    content: [{ type: 'reasoning_text', text: 'I think' }],
  };
  const summary = { type: 'response.reasoning_summary_text.delta', item_id: 'rs_1', output_index: 0 };
  const { story, events } = synthesize([
    created,
    added({ type: 'reasoning', id: 'rs_1', summary: [] }),
    { ...summary, summary_index: 0, delta: 'First' },
    { ...summary, summary_index: 1, delta: 'Sec' },
    { type: 'response.reasoning_text.delta', item_id: 'rs_1', content_index: 0, delta: 'I think' },
    done(reasoning),
    completed([reasoning]),
  ]);
  expect(story).toEqual([
    '+000 inference',
    '000 summary First',
    '000 summary Sec',
    '000 reasoning I think',
    '000 summary ond',
    '-000 completed end_of_turn',
  ]);
  expect(events.at(-1)).toMatchObject({
    result: {
      reasoning: [
        { kind: 'summary', text: 'First' },
        { kind: 'summary', text: 'Second' },
        { kind: 'text', text: 'I think' },
      ],
    },
  });
});

test('reasoning that streams under the id of a later message is not said again by its own item', () => {
  const reasoning = {
    type: 'reasoning',
    id: 'rs_1',
    summary: [],
    content: [{ type: 'reasoning_text', text: 'Hm.' }],
  };
  const { story } = synthesize([
    created,
    {
      type: 'response.reasoning_text.delta',
      item_id: 'msg_1',
      output_index: 0,
      content_index: 1,
      delta: 'Hm.',
    },
    added({ type: 'message', id: 'msg_1', content: [] }),
    textDelta('msg_1', 'Yes'),
    {
      type: 'response.reasoning_text.done',
      item_id: 'msg_1',
      output_index: 0,
      content_index: 1,
      text: 'Hm.',
    },
    done(message('msg_1', 'Yes')),
    added(reasoning),
    done(reasoning),
    completed([reasoning, message('msg_1', 'Yes')]),
  ]);
  expect(story).toEqual([
    '+000 inference',
    '000 reasoning Hm.',
    '000 text Yes',
    '-000 completed end_of_turn',
  ]);
});

test('reasoning without any text opens a step and says nothing', () => {
  const silent = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'opaque' };
  const { events } = synthesize([added(silent), done(silent), completed([silent])]);
  expect(events.map((event) => event.type)).toEqual(['step_started', 'step_completed']);
  expect(JSON.stringify(events)).not.toContain('opaque');
});
