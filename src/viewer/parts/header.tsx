/** The top of every page. */
import { useEffect, useState } from 'preact/hooks';
import type { Route } from '../route.js';
import { currentTheme, onThemeChange, toggleTheme } from '../theme.js';
import { Icon } from './icon.js';

export function Header({ route, onShortcuts }: { route: Route; onShortcuts: () => void }) {
  const [theme, setTheme] = useState(currentTheme);
  useEffect(() => onThemeChange(() => setTheme(currentTheme())), []);
  const onTurns = route.page === 'turns' || route.page === 'turn';
  const onSessions = route.page === 'sessions' || route.page === 'session';
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <header class="top">
      <a class="brand" href="#/turns">
        <span class="brand-mark" aria-hidden="true" />
        durable-turns
      </a>
      <nav aria-label="Main">
        <a href="#/turns" aria-current={onTurns ? 'page' : undefined}>
          Turns
        </a>
        <a href="#/sessions" aria-current={onSessions ? 'page' : undefined}>
          Sessions
        </a>
      </nav>
      <span class="spacer" />
      <button
        type="button"
        class="icon-button"
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts (?)"
        onClick={onShortcuts}
      >
        <Icon name="keyboard" />
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label={`Use ${other} colours`}
        title={`Use ${other} colours (t)`}
        onClick={toggleTheme}
      >
        <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
      </button>
    </header>
  );
}
