/** The events themselves, with their cursors. Only the rows in sight are drawn, however many there are. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { SessionEvent } from '../../events/session-event.js';
import type { LoggedEvent } from '../feed/feed.js';
import { counted } from '../view/format.js';
import { Code } from './code.js';
import { CopyButton } from './copy-button.js';

/** As `.event-row` in events.css has it. */
const ROW_PX = 30;
const AROUND = 10;

export function EventsPane({ log }: { log: readonly LoggedEvent[] }) {
  const [selected, setSelected] = useState<number>();
  const list = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: window.innerHeight });
  // The list grows with its events, but never past the window.
  const look = (): void => setView({ top: list.current?.scrollTop ?? 0, height: window.innerHeight });
  useEffect(() => {
    look();
    window.addEventListener('resize', look);
    return () => window.removeEventListener('resize', look);
  }, []);
  const first = Math.max(0, Math.floor(view.top / ROW_PX) - AROUND);
  const last = Math.min(log.length, Math.ceil((view.top + view.height) / ROW_PX) + AROUND);
  const choose = (index: number): void => {
    const next = Math.max(0, Math.min(log.length - 1, index));
    setSelected(next);
    const box = list.current;
    if (!box) return;
    if (next * ROW_PX < box.scrollTop) box.scrollTop = next * ROW_PX;
    const bottom = (next + 1) * ROW_PX - box.clientHeight;
    if (bottom > box.scrollTop) box.scrollTop = bottom;
  };
  const chosen = selected === undefined ? undefined : log[selected];
  return (
    <div class="events">
      <div class="events-list">
        <p class="quiet">{counted(log.length, 'event')}, in the order in which they came</p>
        <div
          ref={list}
          class="events-scroll"
          role="listbox"
          tabIndex={0}
          aria-label="Events"
          aria-activedescendant={selected === undefined ? undefined : `event-${selected}`}
          onScroll={look}
          onKeyDown={(event) => {
            const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15 }[event.key];
            if (step === undefined) return;
            event.preventDefault();
            choose((selected ?? -1) + step);
          }}
        >
          <div
            class="events-height"
            style={{ height: `${log.length * ROW_PX}px`, '--digits': String(log.length).length }}
          >
            {log.slice(first, last).map(({ id, event }, offset) => {
              const index = first + offset;
              return (
                <div
                  key={id}
                  id={`event-${index}`}
                  class="event-row"
                  role="option"
                  aria-selected={index === selected}
                  aria-posinset={index + 1}
                  aria-setsize={log.length}
                  style={{ top: `${index * ROW_PX}px` }}
                  onClick={() => setSelected(index)}
                >
                  <span class="event-number num">{index + 1}</span>
                  <code>{event.type}</code>
                  <span class="event-gist">{gist(event)}</span>
                </div>
              );
            })}
          </div>
        </div>
      </div>
      <section class="event-detail" aria-label="The chosen event">
        {chosen ? (
          <>
            <p class="field-name">Cursor</p>
            <p class="cursor">
              <code>{chosen.id}</code>
              <CopyButton text={chosen.id} label="Copy the cursor" />
            </p>
            <p class="field-name">Event</p>
            <Code key={chosen.id} text={JSON.stringify(chosen.event, undefined, 2)} label="event" whole />
          </>
        ) : (
          <p class="quiet">Choose an event to read it. Its cursor resumes the stream right behind it.</p>
        )}
      </section>
    </div>
  );
}

/** What tells this event from the others of its type. */
function gist(event: SessionEvent): string {
  switch (event.type) {
    case 'step_started':
      return event.step_type === 'inference'
        ? (event.metadata.model ?? 'inference')
        : event.metadata.tool_name;
    case 'step_progress': {
      const { delta } = event;
      if ('text' in delta) return `${delta.type} ${JSON.stringify(delta.text)}`;
      if ('data' in delta) return `${delta.type} ${JSON.stringify(delta.data)}`;
      if ('tool_name' in delta) return `${delta.type} ${delta.tool_name}`;
      if ('attempt' in delta) return `${delta.type} ${delta.attempt}`;
      return 'arguments_delta' in delta ? `${delta.type} ${delta.arguments_delta}` : delta.type;
    }
    case 'step_completed':
      return event.step_type === 'inference'
        ? `inference ${event.status}`
        : `${event.result?.tool_responses[0]?.tool_name ?? 'tool'} ${event.status}`;
    case 'step_superseded':
      return event.reason.code;
    case 'input_required':
      return `${event.kind} ${event.tool_name}`;
    case 'input_resolved':
      return event.decision;
    case 'turn_started':
      return event.agent;
    case 'turn_completed':
      return event.stop_reason;
    case 'turn_failed':
      return event.error.code;
    case 'turn_queued':
    case 'message_steered':
      return event.message_id;
    case 'turn_cancelled':
      return '';
    default: {
      const unknownToThisVersion: never = event;
      void unknownToThisVersion;
      return '';
    }
  }
}
