/** Keeps the end of a page that grows in sight, as long as the reader is there. */
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** How near the end counts as there, in px. */
const NEAR_PX = 90;

export interface FollowEnd {
  /** There is more below, out of sight. */
  readonly behind: boolean;
  readonly toEnd: () => void;
}

/**
 * @param version Another number whenever the page may have grown.
 * @param end What grows, when something else stands below it. Default: the page.
 */
export function useFollowEnd(
  enabled: boolean,
  version: number,
  end?: RefObject<HTMLElement | null>,
): FollowEnd {
  const there = useRef(true);
  const [behind, setBehind] = useState(false);
  useEffect(() => {
    const look = (): void => {
      there.current = below(end?.current) < NEAR_PX;
      setBehind(!there.current);
    };
    window.addEventListener('scroll', look, { passive: true });
    window.addEventListener('resize', look);
    return () => {
      window.removeEventListener('scroll', look);
      window.removeEventListener('resize', look);
    };
  }, []);
  useLayoutEffect(() => {
    if (enabled && there.current) goTo(end?.current);
  }, [version, enabled]);
  const toEnd = (): void => goTo(end?.current);
  return { behind: enabled && behind, toEnd };
}

/** How far below the window the end is, in px; negative when it stands in sight. */
function below(end: HTMLElement | null | undefined): number {
  const { scrollHeight, clientHeight } = document.documentElement;
  if (!end) return scrollHeight - clientHeight - window.scrollY;
  return end.getBoundingClientRect().bottom - clientHeight;
}

const MARGIN_PX = 32;

function goTo(end: HTMLElement | null | undefined): void {
  const by = below(end) + (end ? MARGIN_PX : 0);
  if (by > 0) window.scrollBy({ top: by });
}
