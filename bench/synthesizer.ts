/** How fast the synthesizer takes the recorded streams, on one core: CPU time, so that neighbours do not count. */
import { recordedStreams } from '../test/support/fixtures.js';
import { figure } from './figure.js';
import type { Figure } from './figure.js';
import { advance, startResponse } from '../src/synthesizer/index.js';

/** The first passes are slower, until the code is compiled. */
const WARM_UP_SECONDS = 1.5;
const SECONDS = 3;

/** Throws an Error when the recordings are not at hand. */
export async function synthesizerFigures(): Promise<Figure[]> {
  const streams = recordedStreams();
  const pass = (): number => {
    let taken = 0;
    for (const { events } of streams) {
      let state = startResponse({ stepPrefix: '0001.000000001.', attempt: 1, model: 'm', clientTools: [] });
      for (const event of events) state = advance(state, event).state;
      taken += events.length;
    }
    return taken;
  };
  rateOf(pass, WARM_UP_SECONDS);
  const value = rateOf(pass, SECONDS);
  const conditions = { streams: streams.length, clock: 'CPU time of one core' };
  return [
    figure('synthesizer_events_per_second', {
      value,
      unit: 'events/s',
      bar: { atLeast: 300_000 },
      conditions,
    }),
  ];
}

function rateOf(pass: () => number, atLeast: number): number {
  const started = process.cpuUsage();
  let taken = 0;
  let seconds = 0;
  while (seconds < atLeast) {
    taken += pass();
    const { user, system } = process.cpuUsage(started);
    seconds = (user + system) / 1e6;
  }
  return Math.round(taken / seconds);
}
