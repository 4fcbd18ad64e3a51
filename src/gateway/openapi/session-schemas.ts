/** Schemas of what sessions are given and what they answer. */
import { LINE, count, list, object, oneOf, ref, string, time } from './schema.js';
import type { Schema } from './schema.js';
import { messageOptions } from './turn-schemas.js';

export const SESSION_ID_PATTERN = LINE.replace('^', String.raw`^(?!\.\.?$)`);

const told = { session_id: string, message_id: string, turn_id: string, at: time };

export const SESSION_SCHEMAS: Readonly<Record<string, Schema>> = {
  SessionId: {
    type: 'string',
    minLength: 1,
    maxLength: 200,
    pattern: SESSION_ID_PATTERN,
  },
  MessageId: { type: 'string', pattern: '^[A-Za-z0-9_.:-]{1,128}$' },
  SendMessage: object(
    { agent: ref('AgentName'), input: ref('UserInput') },
    {
      message_id: {
        ...ref('MessageId'),
        description: 'The same id is the same message, and does nothing the second time.',
      },
      while_busy: {
        ...oneOf('queue', 'steer', 'interrupt'),
        default: 'queue',
        description:
          'While a turn runs the message waits for its own, joins the running one, or takes its place.',
      },
      ...messageOptions,
    },
  ),
  SentMessage: object({
    session_id: string,
    message_id: string,
    turn_id: string,
    links: object({ session: string, self: string, events: string, result: string }),
  }),
  SessionSummary: object(
    { session_id: string, agent: string, status: oneOf('open', 'closed'), started_at: time },
    { closed_at: time },
  ),
  SessionProgress: object(
    {
      session_id: string,
      state: oneOf('idle', 'running', 'closed'),
      queue: list(object({ message_id: string, turn_id: string })),
      messages: count,
      turns: count,
    },
    { running_turn_id: string, conversation: string, previous_response_id: string },
  ),
  SessionTurn: object(
    {
      message_id: string,
      turn_id: string,
      state: oneOf('queued', 'running', 'steered', 'completed', 'incomplete', 'failed', 'cancelled'),
    },
    { steered_into: string },
  ),
  SessionEvent: { oneOf: [ref('TurnEvent'), ref('TurnQueued'), ref('MessageSteered')] },
  TurnQueued: {
    description: 'The session has taken a message; turn_id is the turn that it will be.',
    ...object({ type: { const: 'turn_queued' }, ...told }),
  },
  MessageSteered: {
    description: 'A message has joined the turn turn_id, and will be no turn of its own.',
    ...object({ type: { const: 'message_steered' }, ...told }),
  },
};
