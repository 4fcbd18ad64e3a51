// Turns whose runs may have little history: they continue as new, or end, where others would not yet.

import type { TurnCarry } from '../../src/protocol/turn-carry.js';
import { turnWithin } from '../../src/workflows/agent-turn.js';
import type { TurnInput, TurnResult } from '../../src/workflows/index.js';

const ENOUGH = { events: 45_000, bytes: 40 * 1024 * 1024 };

/** A new run after each answer that calls something. */
export async function restlessTurn(input: TurnInput, carry?: TurnCarry): Promise<TurnResult> {
  return turnWithin({ continueAt: { events: 1, bytes: 0 }, endAt: ENOUGH }, input, carry);
}

/** Room for two long answers. */
export async function narrowTurn(input: TurnInput, carry?: TurnCarry): Promise<TurnResult> {
  return turnWithin({ continueAt: ENOUGH, endAt: { events: 45_000, bytes: 2 * 1024 * 1024 } }, input, carry);
}
