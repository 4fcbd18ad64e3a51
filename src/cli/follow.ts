/** Prints a turn while it happens, until its end or Ctrl-C. */
import type { TurnClient, TurnHandle } from '../client/index.js';
import type { TurnEvent } from '../events/index.js';
import { EventLogger } from '../logger/event-logger.js';
import { tellWhenAway } from './away.js';
import type { Console } from './console.js';
import { EXIT, exitOf } from './exit.js';
import type { ExitCode } from './exit.js';
import { question } from './text/progress-text.js';
import { commandLine } from './text/words.js';

export interface FollowOptions {
  /** One event per line, with its id. */
  readonly json?: boolean;
  /** Cursor: the events behind it only. */
  readonly after?: string;
}

/** The exit code says how the turn ended. Ctrl-C leaves it running. */
export async function follow(
  turn: TurnHandle,
  { client }: TurnClient,
  console: Console,
  { json = false, after }: FollowOptions = {},
): Promise<ExitCode> {
  const stop = new AbortController();
  const done = console.onInterrupt(() => stop.abort());
  const logger = new EventLogger();
  const hints = new Hints((text) => console.err(text));
  const away = tellWhenAway(client, (text) => console.err(text));
  let last = after;
  try {
    const from = after === undefined ? {} : { after };
    for await (const event of turn.events({ ...from, signal: stop.signal })) {
      away.heard();
      await console.out(json ? `${JSON.stringify(event)}\n` : logger.log(event));
      if (!json) hints.take(event);
      last = event.id;
      const exit = exitOf(event);
      if (exit !== undefined) return exit;
    }
    return await exitOfEnded(turn);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    const watch = commandLine('watch', turn.turnId, ...(last === undefined ? [] : ['--after', last]));
    const cancel = commandLine('cancel', turn.turnId);
    console.err(`\nThe turn goes on. Watch it again:  ${watch}\nOr end it:  ${cancel}\n`);
    return EXIT.interrupted;
  } finally {
    hints.stop();
    away.stop();
    done();
  }
}

/** Behind a cursor that is the last event's, nothing comes. */
async function exitOfEnded(turn: TurnHandle): Promise<ExitCode> {
  const { end } = await turn.progress();
  return (end && exitOf(end)) ?? EXIT.ok;
}

const CATCH_UP_MS = 300;

/** How to answer what is asked; not for what was decided long ago, which comes in the same moment. */
class Hints {
  readonly #say: (text: string) => void;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  take(event: TurnEvent): void {
    if (event.type === 'input_required') {
      const say = (): void => this.#say(question(event.turn_id, event));
      this.#timers.set(event.input_id, setTimeout(say, CATCH_UP_MS));
    }
    if (event.type === 'input_resolved') clearTimeout(this.#timers.get(event.input_id));
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }
}
