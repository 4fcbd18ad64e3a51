/** One turn: its timeline as it happens, or its events one by one. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { emptyProgress } from '../../events/progress.js';
import { useApp } from '../app-context.js';
import { useFeed } from '../feed/use-feed.js';
import { turnPath } from '../net/api.js';
import { messageOf } from '../net/problem.js';
import { ConnectionBadge } from '../parts/connection.js';
import { CopyButton } from '../parts/copy-button.js';
import { Problem } from '../parts/error-note.js';
import { EventsPane } from '../parts/events-pane.js';
import { Icon } from '../parts/icon.js';
import { useShortcuts } from '../parts/shortcuts.js';
import { Status } from '../parts/status.js';
import { moveBetweenSteps, TimelineView } from '../parts/timeline.js';
import { TurnFacts } from '../parts/turn-facts.js';
import { useFollowEnd } from '../parts/use-follow-end.js';
import { turnHref } from '../route.js';
import type { TurnView } from '../route.js';
import { spoken } from '../view/timeline.js';

interface TurnPageProps {
  readonly turnId: string;
  readonly view: TurnView;
}

export function TurnPage({ turnId, view }: TurnPageProps) {
  const { api, announce } = useApp();
  const feed = useFeed(`${turnPath(turnId)}/events`, (known) => known.turn(turnId)?.end !== undefined);
  const progress = feed.turn(turnId) ?? emptyProgress(turnId);
  const [problem, setProblem] = useState<string>();
  const [cancelled, setCancelled] = useState(false);
  const ended = progress.end !== undefined;
  const said = feed.log.length === 0 ? '' : spoken(progress);
  useEffect(() => {
    if (said !== '') announce(said);
  }, [said]);
  useEffect(() => {
    document.title = `${progress.state} · ${turnId} · durable-turns`;
  }, [progress.state, turnId]);
  const timeline = useRef<HTMLElement>(null);
  const following = useFollowEnd(view === 'timeline' && !ended, feed.version, timeline);
  const cancel = async (): Promise<void> => {
    setProblem(undefined);
    try {
      await api.cancel(turnId);
      setCancelled(true);
      announce('The turn was asked to end.');
    } catch (thrown) {
      setProblem(messageOf(thrown));
    }
  };
  const other: TurnView = view === 'events' ? 'timeline' : 'events';
  useShortcuts([
    { keys: 'e', does: 'Timeline or events', run: () => void (location.hash = turnHref(turnId, other)) },
    { keys: 'j', does: 'Next step', run: () => moveBetweenSteps(1) },
    { keys: 'k', does: 'Step before', run: () => moveBetweenSteps(-1) },
    { keys: 'i', does: 'To the open question', run: toQuestion },
  ]);
  if (feed.connection.state === 'broken' && feed.log.length === 0) {
    return (
      <main id="main" class="turn-page">
        <h1 tabIndex={-1}>Turn {turnId}</h1>
        <Problem message={feed.connection.reason} />
        <p>
          <a href="#/turns">All turns</a>
        </p>
      </main>
    );
  }
  return (
    <main id="main" class="turn-page">
      <div class="page-head turn-head">
        <div>
          <p class="crumb">
            <a href="#/turns">Turns</a>
          </p>
          <div class="title">
            <h1 tabIndex={-1} class="id">
              {turnId}
            </h1>
            <CopyButton text={turnId} label="Copy the turn's id" />
          </div>
        </div>
        <div class="turn-state">
          <ConnectionBadge connection={feed.connection} />
          <Status state={progress.state} />
          {ended ? null : (
            <button type="button" class="danger" disabled={cancelled} onClick={() => void cancel()}>
              <Icon name="stop" /> {cancelled ? 'Ending…' : 'Cancel turn'}
            </button>
          )}
        </div>
      </div>
      {problem === undefined ? null : <Problem message={problem} />}
      <nav class="tabs" aria-label="Views of this turn">
        <a href={turnHref(turnId)} aria-current={view === 'timeline' ? 'page' : undefined}>
          Timeline
        </a>
        <a href={turnHref(turnId, 'events')} aria-current={view === 'events' ? 'page' : undefined}>
          Events <span class="quiet num">{feed.log.length}</span>
        </a>
      </nav>
      {view === 'events' ? (
        <EventsPane log={feed.log} />
      ) : (
        <div class="turn-columns">
          <section ref={timeline} aria-label="Timeline">
            <h2 class="hidden">Steps</h2>
            {progress.inputs.length === 0 ? null : (
              <WaitingBar names={progress.inputs.map(({ tool_name }) => tool_name)} />
            )}
            <TimelineView progress={progress} decisions={feed.decisions} />
            {following.behind ? (
              <button type="button" class="to-end" onClick={following.toEnd}>
                <Icon name="down" /> Newest
              </button>
            ) : null}
          </section>
          <TurnFacts progress={progress} />
        </div>
      )}
    </main>
  );
}

function WaitingBar({ names }: { names: readonly string[] }) {
  return (
    <div class="waiting-bar">
      <span>
        {names.length === 1 ? (
          <>
            The turn waits for you: <code>{names[0]}</code>
          </>
        ) : (
          `The turn waits for ${names.length} answers of yours`
        )}
      </span>
      <button type="button" class="link" onClick={toQuestion}>
        Go there
      </button>
    </div>
  );
}

function toQuestion(): void {
  const question = document.querySelector<HTMLElement>('[data-question]');
  question?.scrollIntoView({ block: 'center' });
  question?.focus({ preventScroll: true });
}
