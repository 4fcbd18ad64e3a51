import { describe, expect, it } from 'vitest';
import { addUsage, countUsage, NO_USAGE, supersedeUsage } from './usage.js';

const plain = { input_tokens: 10, output_tokens: 2, total_tokens: 12 };
const detailed = {
  ...plain,
  input_tokens_details: { cached_tokens: 4 },
  output_tokens_details: { reasoning_tokens: 1 },
};

describe('sums of tokens', () => {
  it('have details as soon as one side has them', () => {
    expect(addUsage(plain, plain)).toEqual({ input_tokens: 20, output_tokens: 4, total_tokens: 24 });
    expect(addUsage(plain, detailed)).toMatchObject({
      total_tokens: 24,
      input_tokens_details: { cached_tokens: 4 },
      output_tokens_details: { reasoning_tokens: 1 },
    });
  });

  it('move to `superseded` when a step is void', () => {
    const once = supersedeUsage(countUsage(NO_USAGE, plain), plain);
    expect(once).toEqual({ ...NO_USAGE, superseded: plain });
    const twice = supersedeUsage(countUsage(once, plain), plain);
    expect(twice).toEqual({ ...NO_USAGE, superseded: addUsage(plain, plain) });
  });

  it('keep what was superseded when more is counted', () => {
    expect(countUsage({ ...NO_USAGE, superseded: plain }, detailed)).toEqual({
      ...detailed,
      superseded: plain,
    });
  });
});
