/** A page of a list: asked for again every few seconds while somebody looks at it. */
import { useEffect, useState } from 'preact/hooks';
import { messageOf } from '../net/problem.js';

const REFRESH_MS = 4000;

export interface Loaded<T> {
  /** The last answer; undefined before the first one. */
  readonly value: T | undefined;
  /** Why the newest answer is missing. */
  readonly problem: string | undefined;
}

/** @param key Another key is another question: the answer to the one before is dropped. */
export function useRefreshed<T>(key: string, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T> & { readonly key?: string }>(NOTHING);
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = async (): Promise<void> => {
      clearTimeout(timer);
      if (!document.hidden) {
        try {
          const value = await load(stop.signal);
          if (!stop.signal.aborted) setLoaded({ key, value, problem: undefined });
        } catch (thrown) {
          if (stop.signal.aborted) return;
          setLoaded((before) => ({
            key,
            value: before.key === key ? before.value : undefined,
            problem: messageOf(thrown),
          }));
        }
      }
      if (!stop.signal.aborted) timer = setTimeout(() => void refresh(), REFRESH_MS);
    };
    const look = (): void => void (document.hidden || refresh());
    document.addEventListener('visibilitychange', look);
    void refresh();
    return () => {
      stop.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [key]);
  return loaded.key === key ? loaded : NOTHING;
}

const NOTHING = { value: undefined, problem: undefined };
