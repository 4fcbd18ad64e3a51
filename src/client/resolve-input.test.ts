import { expect, test } from 'vitest';
import { about } from './resolve-input.js';

test('who decides may be undefined, and is then not told', () => {
  const asked = { input_id: 'i', arguments_hash: 'h' };
  expect(Object.keys(about(asked, { by: undefined, reason: undefined }))).toEqual(Object.keys(asked));
  expect(about(asked, { by: 'ada' })).toEqual({ ...asked, by: 'ada' });
});
