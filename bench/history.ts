/** What turns cost in the history when the model is instant. */
import { figure } from './figure.js';
import type { Figure } from './figure.js';
import type { Stage } from './support/stage.js';

export async function historyFigures(stage: Stage): Promise<Figure[]> {
  const plain = await measured(stage, 'plain');
  const tool = await measured(stage, 'quick');
  const conditions = { deltas: 2, watchers: 1 };
  return [
    figure('plain_turn_history_events', {
      value: plain.events,
      unit: 'events',
      bar: { atMost: 11 },
      conditions,
    }),
    figure('plain_turn_history_bytes', { value: plain.bytes, unit: 'bytes', conditions }),
    figure('one_tool_history_events', {
      value: tool.events,
      unit: 'events',
      bar: { atMost: 23 },
      conditions,
    }),
    figure('one_tool_history_bytes', { value: tool.bytes, unit: 'bytes', conditions }),
  ];
}

/** The greatest of ten turns. */
async function measured(stage: Stage, prompt: string): Promise<{ events: number; bytes: number }> {
  const greatest = { events: 0, bytes: 0 };
  for (let i = 0; i < 10; i++) {
    const { turnIds } = await stage.turns(1, { prompt, watchers: 1 });
    const { events, bytes } = await stage.history(turnIds[0] ?? '');
    greatest.events = Math.max(greatest.events, events);
    greatest.bytes = Math.max(greatest.bytes, bytes);
  }
  return greatest;
}
