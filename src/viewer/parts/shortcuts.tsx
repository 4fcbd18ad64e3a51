/** The keyboard: what each key does, in one table that the page follows and shows. */
import { useLayoutEffect } from 'preact/hooks';
import { Dialog } from './dialog.js';

export interface Shortcut {
  /** A key, or two that follow each other. */
  readonly keys: string;
  readonly does: string;
  readonly run: () => void;
}

const NEXT_KEY_MS = 1200;

/** The newest table wins where two have the same keys. */
const tables: (readonly Shortcut[])[] = [];

export function useShortcuts(table: readonly Shortcut[]): void {
  useLayoutEffect(() => {
    tables.push(table);
    return () => void tables.splice(tables.indexOf(table), 1);
  });
}

/** Follows the keys as long as the page stands. */
export function listenToKeys(): void {
  let before = '';
  let at = 0;
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target))
      return;
    const now = Date.now();
    const pair = now - at < NEXT_KEY_MS ? `${before} ${event.key}` : '';
    const found = find(pair) ?? find(event.key);
    before = event.key;
    at = now;
    if (!found) return;
    event.preventDefault();
    before = '';
    found.run();
  });
}

const find = (keys: string): Shortcut | undefined =>
  tables
    .toReversed()
    .flat()
    .find((shortcut) => shortcut.keys === keys);

/** In a field letters are letters; in a dialog they lead nowhere else. */
function isTyping(target: EventTarget | null): boolean {
  if (document.querySelector('dialog[open]')) return true;
  return (
    target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
  );
}

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const all = new Map(tables.flat().map((shortcut) => [shortcut.keys, shortcut]));
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <dl class="shortcuts">
        {[...all.values()].map(({ keys, does }) => (
          <div key={keys}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
