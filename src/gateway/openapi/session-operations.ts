/** What can be done with sessions. */
import type { Operation } from './operation.js';
import { agentFilter, cursorQuery, LAST_EVENT_ID, pageQuery } from './parameters.js';
import { list, object, oneOf, ref, string } from './schema.js';

const params = { session_id: { ...ref('SessionId'), description: 'Percent-encoded.' } };

export const SESSION_OPERATIONS = {
  sendMessage: {
    id: 'sendMessage',
    method: 'post',
    path: '/sessions/{session_id}/messages',
    tag: 'sessions',
    summary: 'Say something in a session',
    description:
      'The first message starts the session. May be repeated when it gives a message_id. The turn that answers is there at once, and is followed like every other.',
    params,
    body: ref('SendMessage'),
    answers: { 202: { description: 'The session has the message.', schema: ref('SentMessage') } },
    problems: ['invalid_input', 'session_not_found', 'session_closed', 'refused_by_temporal'],
  },
  listSessions: {
    id: 'listSessions',
    method: 'get',
    path: '/sessions',
    tag: 'sessions',
    summary: 'List sessions',
    description: 'The open ones first. It takes a moment until a new one is listed.',
    query: { agent: agentFilter, status: oneOf('open', 'closed'), ...pageQuery },
    answers: {
      200: {
        description: 'A page.',
        schema: object({ data: list(ref('SessionSummary')) }, { next_page: string }),
      },
    },
    problems: ['refused_by_temporal'],
  },
  getSession: {
    id: 'getSession',
    method: 'get',
    path: '/sessions/{session_id}',
    tag: 'sessions',
    summary: 'How a session stands',
    params,
    answers: { 200: { description: 'The progress of the session.', schema: ref('SessionProgress') } },
    problems: ['session_not_found'],
  },
  listSessionTurns: {
    id: 'listSessionTurns',
    method: 'get',
    path: '/sessions/{session_id}/turns',
    tag: 'sessions',
    summary: 'The turns of a session',
    description: 'The last 1,000 messages and all that wait, in order of acceptance.',
    params,
    answers: { 200: { description: 'The turns.', schema: object({ data: list(ref('SessionTurn')) }) } },
    problems: ['session_not_found'],
  },
  followSession: {
    id: 'followSession',
    method: 'get',
    path: '/sessions/{session_id}/events',
    tag: 'sessions',
    summary: 'Follow the events of a session',
    description:
      'As the events of a turn: those of its turns, one turn after another, with turn_queued and message_steered. The stream ends when the session is closed.',
    params,
    query: cursorQuery,
    headers: LAST_EVENT_ID,
    answers: {
      200: { description: 'The events.', schema: ref('SessionEvent'), contentType: 'text/event-stream' },
      204: { description: 'The session is closed, and nothing is behind the cursor. Do not reconnect.' },
    },
    problems: ['session_not_found', 'invalid_cursor', 'too_many_watchers'],
  },
  closeSession: {
    id: 'closeSession',
    method: 'post',
    path: '/sessions/{session_id}/close',
    tag: 'sessions',
    summary: 'Close a session',
    description: 'Cancels the turn that runs and the messages that wait. A session that is closed stays so.',
    params,
    answers: {
      202: { description: 'The session is asked to close.', schema: object({ session_id: string }) },
    },
    problems: ['session_not_found'],
  },
} as const satisfies Record<string, Operation>;
