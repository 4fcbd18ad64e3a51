import { expect, test } from 'vitest';
import { searchAttributePairs } from './search-attributes.js';

/** Signals come from any language, and hold what they hold. */
const pairsOf = (facts: unknown) => searchAttributePairs(facts as Parameters<typeof searchAttributePairs>[0]);

test.each([undefined, null, 7, {}, '', 'x'.repeat(256)])('what is no keyword is left out: %j', (agent) => {
  expect(pairsOf({ agent, session_id: 's' }).map(({ value }) => value)).toEqual(['s']);
});
