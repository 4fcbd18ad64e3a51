/** What every part of the page may use. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Inputs } from './feed/inputs.js';
import type { Api } from './net/api.js';
import type { StreamEdge } from './net/event-stream.js';

export interface App {
  readonly api: Api;
  readonly edge: StreamEdge;
  readonly inputs: Inputs;
  /** Says something to those who use a screen reader, when they are not being told something else. */
  readonly announce: (text: string) => void;
  /** Tries again now whatever waits for its next try. */
  readonly wake: () => void;
}

export const AppContext = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error('A part of the page was drawn outside of AppContext.');
  return app;
}
