/**
 * What the signals of a session say. Anybody can send them, in any language: what says nothing is undefined, and is
 * dropped by the workflow and by readers of its history alike. Pure.
 */
import { isInput } from './input-items.js';
import { isMessageId } from './message-id.js';
import type { MessagesTaken, SessionMessage, SteerMessage, TurnReport } from './session.js';

/** Whatever else is wrong with it, the turn says when it is given it. */
export function messageIn(said: unknown): SessionMessage | undefined {
  return messageIdIn(said) === undefined ? undefined : (said as SessionMessage);
}

export function messageIdIn(said: unknown): string | undefined {
  const { message_id } = Object(said) as { readonly message_id?: unknown };
  return isMessageId(message_id) ? message_id : undefined;
}

export function steerIn(said: unknown): SteerMessage | undefined {
  const { input } = Object(said) as { readonly input?: unknown };
  return isInput(input) && messageIdIn(said) !== undefined ? (said as SteerMessage) : undefined;
}

export function takenIn(said: unknown): MessagesTaken | undefined {
  const { turn_id, message_ids } = Object(said) as { readonly [field: string]: unknown };
  return typeof turn_id === 'string' && Array.isArray(message_ids) ? (said as MessagesTaken) : undefined;
}

export function reportIn(said: unknown): TurnReport | undefined {
  const { turn_id, status, message_ids = [] } = Object(said) as { readonly [field: string]: unknown };
  const isReport = typeof turn_id === 'string' && typeof status === 'string' && Array.isArray(message_ids);
  return isReport ? (said as TurnReport) : undefined;
}
