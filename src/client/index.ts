/** The door `durable-turns/client`: for services that start and follow turns. */
export { TurnClient } from './turn-client.js';
export type { ConnectOptions, StartOptions, TurnClientOptions } from './turn-client.js';
export { TurnHandle } from './turn-handle.js';
export { SessionHandle } from './session-handle.js';
export type { SendOptions, SessionOptions } from './session-handle.js';
export type { SessionEventWithId } from './session-reader.js';
export type { EventsOptions, EventWithId } from './reader.js';
export type { AskedInput, DecisionOptions } from './resolve-input.js';
export type { InputOutcome, InputResolution } from '../protocol/resolve-input.js';
export type { TextChunk } from './answer-text.js';
export { registerSearchAttributes } from './search-attributes.js';
export type { Listing, Page } from './listing/page.js';
export type { PageOptions, SessionFilter, SessionStatus, TurnFilter, TurnStatus } from './listing/filter.js';
export type { SessionSummary } from './listing/list-sessions.js';
export type { TurnSummary } from './listing/list-turns.js';
export {
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
  TemporalUnreachableError,
  TurnCancelledError,
  TurnFailedError,
  TurnIdConflictError,
  TurnNotFoundError,
} from './errors.js';
export type {
  MessageInput,
  SessionProgress,
  SessionTurn,
  SessionTurnState,
  WhileBusy,
} from '../protocol/session.js';
export type {
  PublishingInput,
  PublishingMode,
  TurnInput,
  TurnLimits,
  TurnOverrides,
  TurnResult,
} from '../protocol/turn.js';
