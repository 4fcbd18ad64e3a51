/** The routes of turns. */
import { InvalidTurnInputError, TurnNotFoundError } from '../../client/index.js';
import type { InputResolution, TurnFilter, TurnHandle, TurnInput, TurnStatus } from '../../client/index.js';
import type { TurnProgress } from '../../events/progress.js';
import { watchToEnd } from '../hub/watch-to-end.js';
import { checkIsTurn } from '../only-ours.js';
import type { TURN_OPERATIONS } from '../openapi/turn-operations.js';
import type { Temporal } from '../temporal.js';
import { json, param, text } from './call.js';
import type { Call, Handler } from './call.js';
import { follow } from './follow.js';
import type { Followable } from './follow.js';
import { pageOf } from './page.js';

export interface TurnRoutesOptions {
  readonly temporal: Temporal;
  readonly followable: Followable;
}

/** A client that asks for a result again and again does so no faster. */
const ASK_AGAIN_SECONDS = 1;

export function turnRoutes({
  temporal,
  followable,
}: TurnRoutesOptions): Record<keyof typeof TURN_OPERATIONS, Handler> {
  const { turns } = temporal;
  const turnOf = (call: Call): TurnHandle => turns.getHandle(param(call, 'turn_id'));
  const ofTurn = async <T>(turn: TurnHandle, work: () => Promise<T>): Promise<T> => {
    await checkIsTurn(turns, turn.turnId);
    return work();
  };
  const progressOf = (turn: TurnHandle): Promise<TurnProgress> =>
    temporal.once(`progress ${turn.turnId}`, () =>
      temporal.ask((signal) => ofTurn(turn, () => turn.progress({ signal }))),
    );

  return {
    startTurn: async ({ body }) => {
      const { turn_id, ...input } = startBody(body);
      const { turn, found } = await temporal.ask(() =>
        turns.startOrFind(input, turn_id === undefined ? {} : { turnId: turn_id }),
      );
      const links = linksOf(turn.turnId);
      return json(
        { turn_id: turn.turnId, links },
        { status: found ? 200 : 201, headers: { location: links.self } },
      );
    },

    listTurns: async ({ query }) =>
      json(await temporal.ask(async () => turns.list({ ...filterOf(query), ...pageOf(query) }))),

    getTurn: async (call) => json(await progressOf(turnOf(call))),

    getTurnInput: async (call) => {
      const turn = turnOf(call);
      return json(
        await temporal.once(`input ${turn.turnId}`, () =>
          temporal.ask(() => ofTurn(turn, () => inputOf(turn))),
        ),
      );
    },

    getTurnResult: async (call) => {
      const turn = turnOf(call);
      const seconds = Number(call.query['wait']);
      if (seconds > 0) {
        const watcher = followable.hub.watch({ kind: followable.kind, id: turn.turnId });
        const late = AbortSignal.timeout(seconds * 1000);
        await watchToEnd(watcher, AbortSignal.any([call.request.signal, late]));
      }
      return outcomeOf(await progressOf(turn));
    },

    followTurn: (call) => follow(call, param(call, 'turn_id'), followable),

    cancelTurn: async (call) => {
      const turn = turnOf(call);
      await temporal.ask(() => ofTurn(turn, () => turn.cancel()));
      return json({ turn_id: turn.turnId }, { status: 202 });
    },

    resolveInput: async (call) => {
      const turn = turnOf(call);
      const decision = decisionBody(call.body);
      const by = decision.by ?? call.principal.id;
      const resolution = {
        ...decision,
        ...(by === '' ? {} : { by }),
        input_id: param(call, 'input_id'),
      };
      return json(await temporal.askWorker(() => ofTurn(turn, () => turn.resolve(resolution))));
    },
  };
}

export function linksOf(turnId: string): { self: string; events: string; result: string } {
  const self = `/turns/${encodeURIComponent(turnId)}`;
  return { self, events: `${self}/events`, result: `${self}/result` };
}

/** @throws TurnNotFoundError, also for a workflow that was started with something else than a turn is */
function inputOf(turn: TurnHandle): Promise<TurnInput> {
  return turn.input().catch((error: unknown) => {
    throw error instanceof InvalidTurnInputError ? new TurnNotFoundError(turn.turnId) : error;
  });
}

function outcomeOf({ state, end }: TurnProgress): Response {
  switch (end?.type) {
    case 'turn_completed': {
      const { type: _type, at: _at, ...result } = end;
      return json({ state: end.status, result });
    }
    case 'turn_failed':
      return json({ state: 'failed', error: end.error });
    case 'turn_cancelled':
      return json({ state: 'cancelled' });
    case undefined:
      return json({ state }, { status: 202, headers: { 'retry-after': String(ASK_AGAIN_SECONDS) } });
    default:
      return end satisfies never;
  }
}

/** The query was held to the document. */
function filterOf(query: Readonly<Record<string, unknown>>): TurnFilter {
  const status = query['status'] as TurnStatus | undefined;
  const told = {
    agent: text(query, 'agent'),
    sessionId: text(query, 'session_id'),
    startedAfter: text(query, 'started_after'),
    startedBefore: text(query, 'started_before'),
  };
  const given = Object.entries(told).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(given), ...(status === undefined ? {} : { status }) };
}

/** The body was held to the schema StartTurn; what that cannot say is checked at the client's door. */
function startBody(body: unknown): TurnInput & { readonly turn_id?: string } {
  return body as TurnInput & { readonly turn_id?: string };
}

/** The body was held to the schema Decision. */
function decisionBody(body: unknown): Omit<InputResolution, 'input_id'> & InputResolution {
  return body as InputResolution;
}
