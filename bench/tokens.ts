/** What a minute of an answer costs in the history: 50 tokens a second of 4.5 characters. */
import { figure } from './figure.js';
import type { Figure } from './figure.js';
import type { Stage } from './support/stage.js';

const SECONDS = 60;
const PER_SECOND = 50;

export async function tokenFigures(stage: Stage): Promise<Figure[]> {
  const tokens = SECONDS * PER_SECOND;
  const prompt = `tokens ${tokens} ${PER_SECOND}`;
  const conditions = { tokens, characters: 4.5, per_second: PER_SECOND, watchers: 1 };
  const taken = async (mode: 'live' | 'steps', atMost: number): Promise<Figure[]> => {
    const { turnIds } = await stage.turns(1, { prompt, watchers: 1, mode });
    const { events, bytes } = await stage.history(turnIds[0] ?? '');
    return [
      figure(`minute_history_bytes_per_token_${mode}`, {
        value: bytes / tokens,
        unit: 'bytes/token',
        bar: { atMost },
        conditions,
      }),
      figure(`minute_history_events_${mode}`, { value: events, unit: 'events', conditions }),
    ];
  };
  return [...(await taken('live', 90)), ...(await taken('steps', 20))];
}
