/** Times that go on: each draws itself again and nothing around it. */
import { useEffect, useState } from 'preact/hooks';
import { ago, between, duration } from '../view/format.js';

/** The time in ms, taken again every so many ms; `every: undefined` stops it. */
export function useNow(every: number | undefined): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (every === undefined) return undefined;
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

/** How long something took, or takes so far. */
export function Elapsed({ from, to }: { from: string; to?: string | undefined }) {
  const now = useNow(to === undefined ? 1000 : undefined);
  const ms = to === undefined ? now - Date.parse(from) : between(from, to);
  return <span class="num">{to === undefined && ms < 1000 ? '…' : duration(ms)}</span>;
}

/** A time as people tell it; the whole of it on hover. */
export function Ago({ at }: { at: string }) {
  const now = useNow(10_000);
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {ago(at, now)}
    </time>
  );
}

/** How long until then. */
export function Until({ at, past }: { at: number; past: string }) {
  const now = useNow(500);
  return <span class="num">{at <= now ? past : `in ${duration(Math.ceil((at - now) / 1000) * 1000)}`}</span>;
}
