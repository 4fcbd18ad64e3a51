/** What can be done with turns. */
import type { Operation } from './operation.js';
import { agentFilter, cursorQuery, LAST_EVENT_ID, pageQuery } from './parameters.js';
import { id, list, object, ref, string, time } from './schema.js';

const params = { turn_id: { ...id, description: 'Percent-encoded: it may hold a slash.' } };
const input_id = { type: 'string', minLength: 1, maxLength: 255 };

export const TURN_OPERATIONS = {
  startTurn: {
    id: 'startTurn',
    method: 'post',
    path: '/turns',
    tag: 'turns',
    summary: 'Start a turn',
    description:
      'May be repeated when it gives a turn_id: the same turn is then found, and its input compared. The turn waits for a worker that knows the agent.',
    body: ref('StartTurn'),
    answers: {
      201: {
        description: 'The turn was started.',
        schema: ref('StartedTurn'),
        headers: { location: 'Path of the turn.' },
      },
      200: {
        description: 'The turn was there already, with the same input.',
        schema: ref('StartedTurn'),
        headers: { location: 'Path of the turn.' },
      },
    },
    problems: ['invalid_input', 'turn_id_conflict', 'refused_by_temporal'],
  },
  listTurns: {
    id: 'listTurns',
    method: 'get',
    path: '/turns',
    tag: 'turns',
    summary: 'List turns',
    description:
      'The running ones first. It takes a moment until a new turn is listed, and until its end is.',
    query: {
      agent: agentFilter,
      status: ref('TurnStatus'),
      session_id: { ...id, description: 'The session, or the conversation of a turn without one.' },
      started_after: time,
      started_before: time,
      ...pageQuery,
    },
    answers: {
      200: {
        description: 'A page.',
        schema: object({ data: list(ref('TurnSummary')) }, { next_page: string }),
      },
    },
    problems: ['refused_by_temporal'],
  },
  getTurn: {
    id: 'getTurn',
    method: 'get',
    path: '/turns/{turn_id}',
    tag: 'turns',
    summary: 'What a turn has come to',
    description: 'The fold of its events so far. Needs no worker, and works after the end.',
    params,
    answers: { 200: { description: 'The progress of the turn.', schema: ref('TurnProgress') } },
    problems: ['turn_not_found'],
  },
  getTurnInput: {
    id: 'getTurnInput',
    method: 'get',
    path: '/turns/{turn_id}/input',
    tag: 'turns',
    summary: 'What a turn was asked',
    description:
      'The input that it was started with. Of a message of a session that waits, or that has joined another turn: what it says. A turn that took the place of another one repeats what went unanswered there.',
    params,
    answers: { 200: { description: 'The input of the turn.', schema: ref('TurnInput') } },
    problems: ['turn_not_found'],
  },
  getTurnResult: {
    id: 'getTurnResult',
    method: 'get',
    path: '/turns/{turn_id}/result',
    tag: 'turns',
    summary: 'How a turn has ended',
    params,
    query: {
      wait: {
        type: 'integer',
        minimum: 0,
        maximum: 60,
        default: 0,
        description: 'Seconds to wait for the end.',
      },
    },
    answers: {
      200: { description: 'It has ended.', schema: ref('TurnOutcome') },
      202: {
        description: 'It has not ended; ask again.',
        schema: ref('TurnOpen'),
        headers: { 'retry-after': 'Seconds.' },
      },
    },
    problems: ['turn_not_found', 'too_many_watchers'],
  },
  followTurn: {
    id: 'followTurn',
    method: 'get',
    path: '/turns/{turn_id}/events',
    tag: 'turns',
    summary: 'Follow the events of a turn',
    description:
      'Server-sent events: `id` is the cursor, `event` the type of the event, `data` the event as JSON (TurnEvent). A comment every 15 seconds keeps the connection. The stream ends behind the event that ends the turn. `event: cut` (data: Cut) says that it ends earlier: go on behind `after`.',
    params,
    query: cursorQuery,
    headers: LAST_EVENT_ID,
    answers: {
      200: { description: 'The events.', schema: ref('TurnEvent'), contentType: 'text/event-stream' },
      204: { description: 'The turn has ended, and nothing is behind the cursor. Do not reconnect.' },
    },
    problems: ['turn_not_found', 'invalid_cursor', 'events_expired', 'too_many_watchers'],
  },
  cancelTurn: {
    id: 'cancelTurn',
    method: 'post',
    path: '/turns/{turn_id}/cancel',
    tag: 'turns',
    summary: 'Ask a turn to end',
    description: 'It then ends as turn_cancelled. A turn that has ended stays as it is.',
    params,
    answers: { 202: { description: 'The turn is asked to end.', schema: ref('TurnId') } },
    problems: ['turn_not_found'],
  },
  resolveInput: {
    id: 'resolveInput',
    method: 'post',
    path: '/turns/{turn_id}/inputs/{input_id}',
    tag: 'turns',
    summary: 'Approve or deny a call, or give the output that a turn waits for',
    description:
      'input_id and arguments_hash are those of the input_required event, or of the `inputs` of the progress. The same decision again answers the recorded outcome.',
    params: { ...params, input_id },
    body: ref('Decision'),
    answers: { 200: { description: 'What was decided.', schema: ref('InputOutcome') } },
    problems: [
      'turn_not_found',
      'input_not_found',
      'input_already_resolved',
      'invalid_resolution',
      'no_worker',
    ],
  },
} as const satisfies Record<string, Operation>;
