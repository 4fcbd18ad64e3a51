// Turns whose model's stream is cut at one event border each, many side by side: what has to hold for all of them.

import type { Client } from '@temporalio/client';
import { expect } from 'vitest';
import type { TurnClient } from '../../src/client/index.js';
import type { TurnEvent } from '../../src/events.js';
import { responseOfStep } from '../../src/events/step-id.js';
import { reply } from '../../src/testing/index.js';
import type { ReplyStep, RequestEntry, Script, ScriptedResponsesServer } from '../../src/testing/index.js';
import type { Rig } from './rig.js';
import { watchTurn } from './same-everywhere.js';
import type { WatchedTurn } from './same-everywhere.js';
import { ofType, seenBy } from './watch.js';

/** One turn and where it is cut. */
export interface CutTurn {
  readonly agent: string;
  /** Unique: the server tells turns by it. */
  readonly input: string;
  readonly responses: number;
  readonly finalText: string;
  /**
   * Index of the response that is cut, and how many of its events come before. Committed: its conversation gets all
   * of it.
   */
  readonly cut: { readonly response: number; readonly events: number; readonly committed?: boolean };
  /** Default: the turn is given none. */
  readonly conversation?: string | undefined;
}

/** As many turns side by side as one worker takes without making each of them slow. */
const AT_ONCE = 16;

/**
 * Answers the requests of the turns with the steps of their responses, and cuts each turn once, or lets it fall
 * silent.
 */
export function cutting<T extends CutTurn>(
  turns: readonly T[],
  stepsOf: (turn: T, response: number, attempt: number) => readonly ReplyStep[],
  breaks: 'cut' | 'stall' = 'cut',
): Script {
  const byInput = new Map(turns.map((turn) => [turn.input, turn]));
  const begun = new Map<T, number>();
  return ({ prompt, attempt }) => {
    const turn = byInput.get(prompt);
    if (!turn) return undefined;
    // A request that comes again is for the same response.
    const response = (begun.get(turn) ?? 0) - (attempt === 1 ? 0 : 1);
    begun.set(turn, response + 1);
    const { events, committed = false } = turn.cut;
    const cut = response === turn.cut.response ? [reply[breaks](events, { times: 1, committed })] : [];
    return [...stepsOf(turn, response, attempt), ...cut];
  };
}

/**
 * Runs them all; throws at the first one that is not as it has to be.
 * @param check what else has to hold for a turn that has ended
 */
export async function expectWhole<T extends CutTurn>(
  rig: Rig,
  model: ScriptedResponsesServer,
  turns: readonly T[],
  {
    background,
    check = () => Promise.resolve(),
  }: { readonly background: boolean; readonly check?: (turn: T, watched: WatchedTurn) => Promise<void> },
): Promise<void> {
  const left = [...turns];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) {
      const watched = await watchCut(rig.turns, next);
      await expectCompleted(rig.client, next, watched);
      const { events, committed } = next.cut;
      // Before its first event nobody knows the id of a response, but its conversation gets it.
      const isFound = committed || (background && (events > 0 || next.conversation !== undefined));
      const requests = requestsOf(model, next);
      expect({ ...next, requests: requests.length }).toEqual({
        ...next,
        requests: isFound ? next.responses : attemptsIn(watched.events),
      });
      if (background && events > 0) expect(ofType(watched.events, 'step_superseded')).toEqual([]);
      await check(next, watched);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** Starts it and watches it to its end. */
export function watchCut(turns: TurnClient, { agent, input, conversation }: CutTurn): Promise<WatchedTurn> {
  // The requests name the turn that they are of.
  const turnInput = { agent, input, metadata: { case: input }, ...(conversation ? { conversation } : {}) };
  return watchTurn({ turns }, turnInput, (asking, asked) => asking.deny(asked));
}

export async function expectCompleted(
  client: Client,
  { input, finalText }: CutTurn,
  { turn, events }: WatchedTurn,
): Promise<void> {
  expect(await seenBy({ client }, turn)).toEqual(events);
  const result = await turn.result();
  expect({ input, ...result }).toMatchObject({ input, status: 'completed', final_text: finalText });
}

export function requestsOf(model: ScriptedResponsesServer, { input }: CutTurn): readonly RequestEntry[] {
  return model.modelRequests.filter(({ body }) => caseOf(body?.['metadata']) === input);
}

/** Every attempt opens a step of its response, if only to say that it is void. */
function attemptsIn(events: readonly TurnEvent[]): number {
  const attempts = ofType(events, 'step_started').flatMap((step) =>
    step.step_type === 'inference' ? `${responseOfStep(step.step_id)} ${step.metadata.attempt}` : [],
  );
  return new Set(attempts).size;
}

const caseOf = (metadata: unknown): unknown => (Object(metadata) as { case?: unknown }).case;
