/** Each event of a run's history once. Pure. */
import { toNumber } from '../history/event-time.js';
import type { HistoryEvent } from '../history/payloads.js';

/**
 * Gives of each page what is new. A page may end with workflow task events that are not stored yet; their ids then
 * come again with other events. All others are given once.
 */
export function inOrder(): (page: readonly HistoryEvent[]) => readonly HistoryEvent[] {
  let last = 0;
  return (page) =>
    page.filter((event) => {
      const id = toNumber(event.eventId);
      if (id <= last) return false;
      if (!event.workflowTaskScheduledEventAttributes && !event.workflowTaskStartedEventAttributes) last = id;
      return true;
    });
}
