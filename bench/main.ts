/**
 * `npm run bench [-- name ...]`: takes the figures of all families, or of those named, and prints each as one
 * line of JSON. Exit code 1 when a bar does not hold. The method: docs/benchmarks.md.
 */
import type { StartTemporalOptions } from '../src/dev/index.js';
import { cancelFigures } from './cancel.js';
import type { Figure } from './figure.js';
import { gatewayFigures } from './gateway.js';
import { historyFigures } from './history.js';
import { largeAnswerFigures } from './large-answers.js';
import { longTurnFigures } from './long-turns.js';
import { publishFigures } from './publish.js';
import { recoveryFigures } from './recovery.js';
import { sessionFigures } from './sessions.js';
import { sideBySideFigures } from './side-by-side.js';
import { streamingFigures } from './streaming.js';
import { onStage } from './support/stage.js';
import type { Stage } from './support/stage.js';
import { synthesizerFigures } from './synthesizer.js';
import { tokenFigures } from './tokens.js';
import { wallTimeFigures } from './wall-time.js';

type Family = () => Promise<readonly Figure[]>;

const staged =
  (take: (stage: Stage) => Promise<readonly Figure[]>, options?: StartTemporalOptions): Family =>
  () =>
    onStage(take, options);

/** Each family has a stage of its own, so that none inherits the other's histories or memory. */
const FAMILIES: Readonly<Record<string, Family>> = {
  history: staged(historyFigures),
  streaming: staged(streamingFigures),
  tokens: staged(tokenFigures),
  publish: staged(publishFigures),
  gateway: staged(gatewayFigures),
  'wall-time': staged(wallTimeFigures),
  'large-answers': staged(largeAnswerFigures),
  'side-by-side': staged(sideBySideFigures),
  cancel: staged(cancelFigures),
  recovery: staged(recoveryFigures),
  'long-turns': longTurnFigures,
  /** Short runs, so that a session of some hundred turns has many of them. */
  sessions: staged(sessionFigures, {
    dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': 200 },
  }),
  synthesizer: synthesizerFigures,
};

const named = process.argv.slice(2);
const unknown = named.filter((name) => !(name in FAMILIES));
if (unknown.length > 0) {
  console.error(`No figures are named ${unknown.join(', ')}; there are ${Object.keys(FAMILIES).join(', ')}.`);
  process.exit(2);
}

for (const [name, take] of Object.entries(FAMILIES)) {
  if (named.length > 0 && !named.includes(name)) continue;
  for (const taken of await take()) {
    console.log(JSON.stringify(taken));
    if (taken.holds === false) process.exitCode = 1;
  }
}
// What a library leaves open does not keep the bench from ending.
process.exit();
