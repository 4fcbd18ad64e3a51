/** The routes of sessions. */
import { randomUUID } from 'node:crypto';
import type {
  MessageInput,
  SessionFilter,
  SessionHandle,
  SessionStatus,
  WhileBusy,
} from '../../client/index.js';
import { checkIsSession } from '../only-ours.js';
import type { SESSION_OPERATIONS } from '../openapi/session-operations.js';
import type { Temporal } from '../temporal.js';
import { json, param, text } from './call.js';
import type { Call, Handler } from './call.js';
import { follow } from './follow.js';
import type { Followable } from './follow.js';
import { pageOf } from './page.js';
import { linksOf } from './turns.js';

export interface SessionRoutesOptions {
  readonly temporal: Temporal;
  readonly followable: Followable;
}

interface SendMessage extends MessageInput {
  readonly message_id?: string;
  readonly while_busy?: WhileBusy;
}

export function sessionRoutes({
  temporal,
  followable,
}: SessionRoutesOptions): Record<keyof typeof SESSION_OPERATIONS, Handler> {
  const { turns } = temporal;
  const sessionOf = (call: Call): SessionHandle => turns.session(param(call, 'session_id'));
  const ask = <T>(session: SessionHandle, work: () => Promise<T>): Promise<T> =>
    temporal.ask(async () => {
      await checkIsSession(turns, session.sessionId);
      return work();
    });

  return {
    sendMessage: async (call) => {
      const session = sessionOf(call);
      const { message_id = randomUUID(), while_busy, ...message } = messageBody(call.body);
      const { turnId } = await ask(session, () =>
        session.send(message, {
          messageId: message_id,
          ...(while_busy === undefined ? {} : { whileBusy: while_busy }),
        }),
      );
      const { sessionId } = session;
      const links = { session: `/sessions/${encodeURIComponent(sessionId)}`, ...linksOf(turnId) };
      return json({ session_id: sessionId, message_id, turn_id: turnId, links }, { status: 202 });
    },

    listSessions: async ({ query }) => {
      const agent = text(query, 'agent');
      const status = query['status'] as SessionStatus | undefined;
      const filter: SessionFilter = {
        ...pageOf(query),
        ...(agent === undefined ? {} : { agent }),
        ...(status === undefined ? {} : { status }),
      };
      return json(await temporal.ask(async () => turns.listSessions(filter)));
    },

    getSession: async (call) => {
      const session = sessionOf(call);
      const progress = () => ask(session, () => session.progress());
      return json(await temporal.once(`session ${session.sessionId}`, progress));
    },

    listSessionTurns: async (call) => {
      const session = sessionOf(call);
      const list = () => ask(session, () => session.turns());
      return json({ data: await temporal.once(`turns of ${session.sessionId}`, list) });
    },

    followSession: (call) => follow(call, param(call, 'session_id'), followable),

    closeSession: async (call) => {
      const session = sessionOf(call);
      await ask(session, () => session.close());
      return json({ session_id: session.sessionId }, { status: 202 });
    },
  };
}

/** The body was held to the schema SendMessage; what that cannot say is checked at the client's door. */
function messageBody(body: unknown): SendMessage {
  return body as SendMessage;
}
