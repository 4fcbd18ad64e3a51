/** A feed for a component: opened with it, closed with it, drawn at most once per frame. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { useApp } from '../app-context.js';
import type { StreamOptions } from '../net/event-stream.js';
import { Feed } from './feed.js';
import { follow } from './follow.js';

/**
 * A page in the background draws no frames, but its title should still tell the state. It may get there between an
 * event and its frame, so nothing waits for a frame alone.
 */
const LATEST_FRAME_MS = 500;

const nextFrame = (draw: () => void): void => {
  const now = (): void => {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    draw();
  };
  const timer = setTimeout(now, LATEST_FRAME_MS);
  const frame = requestAnimationFrame(now);
};

/** @param path Another path is another feed. @param isOver Asked when the stream ends in order. */
export function useFeed(path: string, isOver: (feed: Feed) => ReturnType<StreamOptions['isOver']>): Feed {
  const { edge } = useApp();
  const feed = useMemo(() => new Feed(nextFrame), [path, edge]);
  const [, setVersion] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    const unsubscribe = feed.subscribe(() => setVersion(feed.version));
    void follow(edge, feed, { path, signal: stop.signal, isOver: () => isOver(feed) });
    return () => {
      stop.abort();
      unsubscribe();
    };
    // `isOver` is made anew with each drawing, and the first one is as good as the last.
  }, [feed, edge, path]);
  return feed;
}
