/** Sums of tokens. */
import type { TurnUsage, Usage } from './turn-event.js';

export const NO_USAGE: TurnUsage = { input_tokens: 0, output_tokens: 0, total_tokens: 0 };

/** a + sign × b. Details stand in the sum as soon as one side has them. */
export function addUsage(a: Usage, b: Usage, sign: 1 | -1 = 1): Usage {
  const cached = sumOf(a.input_tokens_details?.cached_tokens, b.input_tokens_details?.cached_tokens, sign);
  const reasoning = sumOf(
    a.output_tokens_details?.reasoning_tokens,
    b.output_tokens_details?.reasoning_tokens,
    sign,
  );
  return {
    input_tokens: a.input_tokens + sign * b.input_tokens,
    output_tokens: a.output_tokens + sign * b.output_tokens,
    total_tokens: a.total_tokens + sign * b.total_tokens,
    ...(cached === undefined ? {} : { input_tokens_details: { cached_tokens: cached } }),
    ...(reasoning === undefined ? {} : { output_tokens_details: { reasoning_tokens: reasoning } }),
  };
}

/** Counts a step's usage. */
export function countUsage(total: TurnUsage, step: Usage): TurnUsage {
  return withSuperseded(addUsage(total, step), total.superseded);
}

/** Moves a step's usage from the sums to `superseded`: it was paid for, but for nothing. */
export function supersedeUsage(total: TurnUsage, step: Usage): TurnUsage {
  const superseded = total.superseded ? addUsage(total.superseded, step) : step;
  return withSuperseded(addUsage(total, step, -1), superseded);
}

function withSuperseded(usage: Usage, superseded: Usage | undefined): TurnUsage {
  return superseded ? { ...usage, superseded } : usage;
}

function sumOf(a: number | undefined, b: number | undefined, sign: 1 | -1): number | undefined {
  return a === undefined && b === undefined ? undefined : (a ?? 0) + sign * (b ?? 0);
}
