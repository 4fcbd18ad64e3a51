/** The page: its header, the place that the address names, and what opens above it. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { useApp } from './app-context.js';
import { SessionPage } from './pages/session.js';
import { SessionsPage } from './pages/sessions.js';
import { TurnPage } from './pages/turn.js';
import { TurnsPage } from './pages/turns.js';
import { Header } from './parts/header.js';
import { NewChat } from './parts/new-chat.js';
import { NewTurn } from './parts/new-turn.js';
import { ShortcutsDialog, useShortcuts } from './parts/shortcuts.js';
import { TokenDialog } from './parts/token-dialog.js';
import { parseRoute } from './route.js';
import type { Route } from './route.js';
import { toggleTheme } from './theme.js';

type Opened = 'nothing' | 'turn' | 'chat' | 'shortcuts';

export function App() {
  const { api } = useApp();
  const route = useRoute();
  const [opened, setOpened] = useState<Opened>('nothing');
  const close = (): void => setOpened('nothing');
  useShortcuts([
    { keys: 'g t', does: 'Turns', run: () => void (location.hash = '#/turns') },
    { keys: 'g s', does: 'Sessions', run: () => void (location.hash = '#/sessions') },
    { keys: 'n', does: 'Start a turn', run: () => setOpened('turn') },
    { keys: 'c', does: 'Start a chat', run: () => setOpened('chat') },
    {
      keys: '/',
      does: 'Filter the list',
      run: () => document.querySelector<HTMLElement>('[data-filter]')?.focus(),
    },
    { keys: 't', does: 'Light or dark', run: toggleTheme },
    { keys: '?', does: 'These keys', run: () => setOpened('shortcuts') },
  ]);
  return (
    <>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.querySelector<HTMLElement>('h1')?.focus();
        }}
      >
        Skip to the content
      </a>
      <Header route={route} onShortcuts={() => setOpened('shortcuts')} />
      <PageOf route={route} onNewTurn={() => setOpened('turn')} onNewChat={() => setOpened('chat')} />
      {opened === 'turn' ? <NewTurn onClose={close} /> : null}
      {opened === 'chat' ? <NewChat onClose={close} /> : null}
      {opened === 'shortcuts' ? <ShortcutsDialog onClose={close} /> : null}
      <TokenDialog credentials={api.credentials} />
    </>
  );
}

interface PageProps {
  readonly route: Route;
  readonly onNewTurn: () => void;
  readonly onNewChat: () => void;
}

function PageOf({ route, onNewTurn, onNewChat }: PageProps) {
  switch (route.page) {
    case 'turns':
      return <TurnsPage filter={route.filter} onNew={onNewTurn} />;
    case 'turn':
      return <TurnPage key={route.turnId} turnId={route.turnId} view={route.view} />;
    case 'sessions':
      return <SessionsPage filter={route.filter} onNew={onNewChat} />;
    case 'session':
      return <SessionPage key={route.sessionId} sessionId={route.sessionId} view={route.view} />;
    case 'unknown':
      return (
        <main id="main">
          <h1 tabIndex={-1}>Nothing here</h1>
          <p>
            There is no page <code>{route.path}</code>. <a href="#/turns">All turns</a>
          </p>
        </main>
      );
    default: {
      const unknown: never = route;
      return unknown;
    }
  }
}

/** The route of the address. A new page takes the focus to its heading, as a page that is loaded would. */
function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  const place = useRef(placeOf(route));
  useEffect(() => {
    const go = (): void => setRoute(parseRoute(location.hash));
    window.addEventListener('hashchange', go);
    return () => window.removeEventListener('hashchange', go);
  }, []);
  useEffect(() => {
    if (route.page === 'turns') document.title = 'Turns · durable-turns';
    if (route.page === 'sessions') document.title = 'Sessions · durable-turns';
    if (placeOf(route) === place.current) return;
    place.current = placeOf(route);
    window.scrollTo({ top: 0 });
    document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  }, [route]);
  return route;
}

/** Another filter or view of the same page is no other place. */
function placeOf(route: Route): string {
  if (route.page === 'turn') return `turn ${route.turnId}`;
  return route.page === 'session' ? `session ${route.sessionId}` : route.page;
}
