/** A session as a chat. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useApp } from '../app-context.js';
import { useFeed } from '../feed/use-feed.js';
import { sessionPath } from '../net/api.js';
import { messageOf } from '../net/problem.js';
import type { WhileBusy } from '../net/wire.js';
import { ExchangeView } from '../parts/exchange.js';
import { Composer } from '../parts/composer.js';
import { ConnectionBadge } from '../parts/connection.js';
import { Problem } from '../parts/error-note.js';
import { EventsPane } from '../parts/events-pane.js';
import { Icon } from '../parts/icon.js';
import { useShortcuts } from '../parts/shortcuts.js';
import { Status } from '../parts/status.js';
import { useFollowEnd } from '../parts/use-follow-end.js';
import { sessionHref } from '../route.js';
import type { SessionView } from '../route.js';
import { chatOf } from '../view/chat.js';
import { counted } from '../view/format.js';
import { randomId } from '../view/random-id.js';
import { spoken } from '../view/timeline.js';

/** Exchanges that are drawn at first. */
const MOST_EXCHANGES = 20;

export function SessionPage({ sessionId, view }: { sessionId: string; view: SessionView }) {
  const { api, announce } = useApp();
  const isClosed = async (): Promise<boolean> => (await api.session(sessionId)).state === 'closed';
  const feed = useFeed(`${sessionPath(sessionId)}/events`, isClosed);
  const [problem, setProblem] = useState<string>();
  const [most, setMost] = useState(MOST_EXCHANGES);
  // Kept until the message was taken: what is sent again after a lost answer is the same message.
  const messageId = useRef(randomId('m'));
  const chat = useMemo(() => chatOf(feed.messages, feed.turns), [feed, feed.version]);
  const running = [...feed.turns.values()].findLast(({ end }) => end === undefined);
  const latest = running ?? [...feed.turns.values()].at(-1);
  const agent = [...feed.turns.values()].findLast((turn) => turn.agent !== undefined)?.agent;
  const closed = feed.connection.state === 'over';
  const said = latest === undefined ? '' : spoken(latest);
  useEffect(() => {
    if (said !== '') announce(said);
  }, [said]);
  useEffect(() => {
    document.title = `${sessionId} · durable-turns`;
  }, [sessionId]);
  const following = useFollowEnd(view === 'chat', feed.version);
  const attempt = async (work: () => Promise<unknown>): Promise<boolean> => {
    setProblem(undefined);
    try {
      await work();
      return true;
    } catch (thrown) {
      setProblem(messageOf(thrown));
      return false;
    }
  };
  const send = (input: string, asked: string, while_busy: WhileBusy): Promise<boolean> =>
    attempt(async () => {
      const message = { agent: asked, input, while_busy, message_id: messageId.current };
      await api.send(sessionId, message);
      messageId.current = randomId('m');
      following.toEnd();
    });
  const stop = (): void => {
    if (running) void attempt(() => api.cancel(running.turn_id));
  };
  // Where messages are written, the turn is ended there too: in reach, however long the chat is.
  const composes = view === 'chat' && !closed;
  const other: SessionView = view === 'events' ? 'chat' : 'events';
  useShortcuts([
    { keys: 'e', does: 'Chat or events', run: () => void (location.hash = sessionHref(sessionId, other)) },
    {
      keys: '/',
      does: 'Write a message',
      run: () => document.querySelector<HTMLElement>('[data-composer]')?.focus(),
    },
  ]);
  if (feed.connection.state === 'broken' && feed.log.length === 0) {
    return (
      <main id="main" class="chat-page">
        <h1 tabIndex={-1}>Session {sessionId}</h1>
        <Problem message={feed.connection.reason} />
        <p>
          <a href="#/sessions">All sessions</a>
        </p>
      </main>
    );
  }
  const hidden = Math.max(0, chat.length - most);
  return (
    <main id="main" class="chat-page" data-view={view}>
      <div class="page-head turn-head">
        <div>
          <p class="crumb">
            <a href="#/sessions">Sessions</a>
          </p>
          <h1 tabIndex={-1} class="id">
            {sessionId}
          </h1>
        </div>
        <div class="turn-state">
          <ConnectionBadge connection={feed.connection} />
          <Status state={closed ? 'closed' : running ? running.state : 'idle'} />
          {running && !composes ? (
            <button type="button" class="danger" onClick={stop}>
              <Icon name="stop" /> Stop
            </button>
          ) : null}
          {closed ? null : (
            <button type="button" onClick={() => void attempt(() => api.closeSession(sessionId))}>
              Close session
            </button>
          )}
        </div>
      </div>
      <nav class="tabs" aria-label="Views of this session">
        <a href={sessionHref(sessionId)} aria-current={view === 'chat' ? 'page' : undefined}>
          Chat
        </a>
        <a href={sessionHref(sessionId, 'events')} aria-current={view === 'events' ? 'page' : undefined}>
          Events <span class="quiet num">{feed.log.length}</span>
        </a>
      </nav>
      {view === 'events' ? (
        <EventsPane log={feed.log} />
      ) : (
        <>
          <section class="chat" aria-label="Chat">
            <h2 class="hidden">Messages and answers</h2>
            {hidden > 0 ? (
              <button type="button" class="link earlier" onClick={() => setMost(2 * most)}>
                Show earlier turns ({counted(hidden, 'turn')})
              </button>
            ) : null}
            {chat.slice(hidden).map((exchange) => (
              <ExchangeView key={exchange.turnId} exchange={exchange} />
            ))}
            {chat.length === 0 ? <p class="empty">Nothing was said yet.</p> : null}
          </section>
          <div class="chat-foot">
            {following.behind ? (
              <button type="button" class="to-end" onClick={following.toEnd}>
                <Icon name="down" /> Newest
              </button>
            ) : null}
            {problem === undefined ? null : <Problem message={problem} />}
            {closed ? (
              <p class="empty">This session is closed. It takes no more messages.</p>
            ) : (
              <Composer agent={agent} busy={running !== undefined} stop={stop} send={send} />
            )}
          </div>
        </>
      )}
    </main>
  );
}
