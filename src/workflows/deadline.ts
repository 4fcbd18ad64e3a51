/** The wall time that a turn may take: what still runs when it is up is cancelled. */
import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import type { TurnLimits } from '../protocol/turn.js';

export class Deadline {
  readonly #scope = new CancellationScope();
  readonly #startedAt: number;
  #armed = false;
  #isUp = false;

  /** `startedAt`: start of the turn, in ms since 1970. */
  constructor(startedAt: number) {
    this.#startedAt = startedAt;
  }

  /** Once is enough; limits without max_seconds set no time. */
  arm({ max_seconds }: TurnLimits): void {
    if (this.#armed || max_seconds === undefined) return;
    this.#armed = true;
    const end = this.#startedAt + max_seconds * 1000;
    // The timer ends with the turn, or is cancelled with it.
    sleep(Math.max(1, end - Date.now())).then(
      () => {
        this.#isUp = true;
        this.#scope.cancel();
      },
      () => undefined,
    );
  }

  /** Runs the work; `otherwise` is what comes of it when the time is up before its end. */
  async within<T>(work: () => Promise<T>, otherwise: () => T): Promise<T> {
    try {
      return await this.#scope.run(work);
    } catch (thrown) {
      const turnIsCancelled = CancellationScope.current().consideredCancelled;
      if (!this.#isUp || turnIsCancelled || !isCancellation(thrown)) throw thrown;
      return otherwise();
    }
  }
}
