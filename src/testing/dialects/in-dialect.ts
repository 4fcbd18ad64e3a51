/** Turns the frames of a response as OpenAI would send them into those of a dialect. Pure but for new ids. */
import type { Frame } from '../frame.js';
import type { Dialect } from './dialect.js';
import { argumentsFirst } from './hosted-arguments.js';
import { withOtherIds } from './other-ids.js';
import { addedAtZero, sharedIndexes } from './output-indexes.js';
import { numbered } from './sequence-numbers.js';
import { spoken } from './spoken.js';

export function inDialect(frames: Iterable<Frame>, dialect: Dialect): Iterable<Frame> {
  let said: Iterable<Frame> = spoken(frames, dialect);
  if (dialect.hostedArguments === 'first') said = argumentsFirst(said);
  if (dialect.outputIndexes === 'shared') said = sharedIndexes(said);
  if (dialect.outputIndexes === 'added_at_zero') said = addedAtZero(said);
  said = numbered(said, dialect.sequenceNumbers);
  return dialect.ids === 'stable' ? said : withOtherIds(said, dialect.ids);
}
