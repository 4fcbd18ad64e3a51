/** The problem that an error is, in the words of HTTP. */
import { grpcErrorIn } from '../client/grpc-errors.js';
import {
  EventsExpiredError,
  InputAlreadyResolvedError,
  InputNotFoundError,
  InvalidCursorError,
  InvalidFilterError,
  InvalidResolutionError,
  InvalidTurnInputError,
  NoWorkerError,
  SessionClosedError,
  SessionNotFoundError,
  TurnIdConflictError,
  TurnNotFoundError,
} from '../client/index.js';
import { TooManyWatchersError } from './hub/hub.js';
import { Problem } from './problem.js';
import type { ProblemCode } from './problem.js';

const KINDS: readonly (readonly [new (...args: never[]) => Error, ProblemCode])[] = [
  [InvalidTurnInputError, 'invalid_input'],
  [InvalidCursorError, 'invalid_cursor'],
  [InvalidResolutionError, 'invalid_resolution'],
  [TurnNotFoundError, 'turn_not_found'],
  [SessionNotFoundError, 'session_not_found'],
  [SessionClosedError, 'session_closed'],
  [InputNotFoundError, 'input_not_found'],
  [TurnIdConflictError, 'turn_id_conflict'],
  [InputAlreadyResolvedError, 'input_already_resolved'],
  [TooManyWatchersError, 'too_many_watchers'],
  [NoWorkerError, 'no_worker'],
];

/** gRPC status codes; those that are missing are not ours to explain. */
const GRPC: Readonly<Record<number, ProblemCode>> = {
  1: 'temporal_timeout',
  3: 'refused_by_temporal',
  4: 'temporal_timeout',
  // A namespace that is not there; of turns and sessions the client says so itself.
  5: 'temporal_refused',
  7: 'temporal_refused',
  8: 'temporal_unavailable',
  14: 'temporal_unavailable',
  16: 'temporal_refused',
};

/** Whether nobody but the one who runs the gateway can say what an error means. */
export function isOursToExplain(error: unknown): boolean {
  const { code } = problemOf(error);
  return code === 'internal_error' || code === 'temporal_refused';
}

export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof EventsExpiredError) {
    const detail = `GET /turns/{turn_id} says how it stands; follow it on with after=${error.after}.`;
    return new Problem('events_expired', detail, { cause: error });
  }
  for (const [kind, code] of KINDS) {
    if (error instanceof kind) return new Problem(code, error.message, { cause: error });
  }
  if (error instanceof InvalidFilterError) {
    const path = `/query/${error.field}`;
    const errors = [{ path, message: error.message }];
    return new Problem('invalid_request', error.message, { errors, cause: error });
  }
  const grpc = grpcErrorIn(error);
  const code = grpc && GRPC[grpc.code];
  if (code) return new Problem(code, grpc.details, { cause: error });
  return new Problem('internal_error', 'The log of the gateway says more.', { cause: error });
}
