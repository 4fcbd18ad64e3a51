/** Why an attempt must stop before its work is done, and what waits a moment before it does. */

export type StopReason =
  | { readonly kind: 'cancelled' }
  /** Another attempt has taken over, or the run is gone: nobody listens any more. */
  | { readonly kind: 'stale' }
  /** The worker shuts down. */
  | { readonly kind: 'hand_over' }
  /** Temporal does not answer, and is about to give the attempt up. */
  | { readonly kind: 'cut_off' }
  | { readonly kind: 'silent'; readonly message: string }
  | { readonly kind: 'too_large'; readonly message: string };

/** How long in ms what is better not left half done may hold up a stop. Other stops are for what is broken. */
const HOLD_MS: Partial<Record<StopReason['kind'], number>> = { hand_over: 2000, cancelled: 1000 };

export class Stop {
  readonly #controller = new AbortController();
  readonly #onStop: (reason: StopReason) => void;
  #holds = false;
  #held: { readonly reason: StopReason; readonly timer: NodeJS.Timeout } | undefined;

  /** `onStop` is called once, just before `signal` is aborted. */
  constructor(onStop: (reason: StopReason) => void) {
    this.#onStop = onStop;
  }

  /** Aborted with a StopReason as its reason. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get reason(): StopReason | undefined {
    return this.signal.aborted ? (this.signal.reason as StopReason) : undefined;
  }

  /** The first reason counts; a cancel goes before a hand-over that still waits. */
  now(reason: StopReason): void {
    if (this.signal.aborted) return;
    const wait = this.#holds ? HOLD_MS[reason.kind] : undefined;
    if (wait === undefined) {
      this.#forget();
      this.#onStop(reason);
      this.#controller.abort(reason);
    } else if (!this.#held || (reason.kind === 'cancelled' && this.#held.reason.kind !== 'cancelled')) {
      this.#forget();
      this.#held = { reason, timer: setTimeout(() => this.release(), wait) };
    }
  }

  /** From here on a cancel or a hand-over waits for `release`, but not for long. */
  hold(): void {
    this.#holds = true;
  }

  release(): void {
    const held = this.#held;
    this.#holds = false;
    this.#forget();
    if (held) this.now(held.reason);
  }

  /**
   * For what does not know of stops itself.
   * @throws the StopReason when the attempt has to stop first.
   */
  async unless<T>(work: Promise<T>): Promise<T> {
    let onAbort: (() => void) | undefined;
    const stopped = new Promise<never>((_resolve, reject) => {
      onAbort = () => reject(this.signal.reason);
      onAbortOf(this.signal, onAbort);
    });
    try {
      return await Promise.race([work, stopped]);
    } finally {
      if (onAbort) this.signal.removeEventListener('abort', onAbort);
    }
  }

  /** Nothing waits any more. */
  close(): void {
    this.#forget();
  }

  #forget(): void {
    clearTimeout(this.#held?.timer);
    this.#held = undefined;
  }
}

export function onAbortOf(signal: AbortSignal, listener: () => void): void {
  if (signal.aborted) listener();
  else signal.addEventListener('abort', listener, { once: true });
}

/** What the answer to a heartbeat says; undefined where nobody could be asked. */
export function stopIn(error: unknown): StopReason | undefined {
  switch (error instanceof Error ? error.name : '') {
    case 'ActivityCancelledError':
      return { kind: 'cancelled' };
    case 'ActivityNotFoundError':
    case 'ActivityPausedError':
    case 'ActivityResetError':
      return { kind: 'stale' };
    default:
      return undefined;
  }
}
