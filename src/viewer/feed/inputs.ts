/** What turns were asked. It never changes, so it is asked for once; what may pass is tried again. */
import { useEffect, useState } from 'preact/hooks';
import { useApp } from '../app-context.js';
import type { Api } from '../net/api.js';
import { backOff } from '../net/back-off.js';
import type { StreamEdge } from '../net/event-stream.js';
import { ProblemError } from '../net/problem.js';
import type { TurnInput } from '../net/wire.js';

/** `none`: the gateway does not know it, or not any more. */
type Given = TurnInput | 'none';

export class Inputs {
  readonly #api: Pick<Api, 'input'>;
  readonly #edge: Pick<StreamEdge, 'wait' | 'random'>;
  readonly #known = new Map<string, Given>();
  readonly #asked = new Map<string, Promise<void>>();

  constructor(api: Pick<Api, 'input'>, edge: Pick<StreamEdge, 'wait' | 'random'>) {
    this.#api = api;
    this.#edge = edge;
  }

  /** Undefined: not here yet. */
  of(turnId: string): Given | undefined {
    return this.#known.get(turnId);
  }

  /** Resolves when `of` knows. */
  load(turnId: string): Promise<void> {
    const asked = this.#asked.get(turnId) ?? this.#ask(turnId);
    this.#asked.set(turnId, asked);
    return asked;
  }

  async #ask(turnId: string): Promise<void> {
    for (let failures = 1; ; failures++) {
      try {
        this.#known.set(turnId, await this.#api.input(turnId));
        return;
      } catch (thrown) {
        if (thrown instanceof ProblemError && isForGood(thrown)) {
          this.#known.set(turnId, 'none');
          // A turn of this id may yet be started.
          this.#asked.delete(turnId);
          return;
        }
      }
      await this.#edge.wait(backOff(failures, this.#edge.random()), NEVER);
    }
  }
}

const NEVER = new AbortController().signal;

const isForGood = ({ status }: ProblemError): boolean => status < 500 && ![408, 425, 429].includes(status);

/** Of each turn, in order; undefined while one is not here yet. */
export function useInputs(turnIds: readonly string[]): readonly (Given | undefined)[] {
  const { inputs } = useApp();
  const [, setLoaded] = useState(0);
  useEffect(() => {
    let gone = false;
    for (const turnId of turnIds) {
      const known = inputs.of(turnId);
      if (known !== undefined && known !== 'none') continue;
      void inputs.load(turnId).then(() => gone || setLoaded((before) => before + 1));
    }
    return () => {
      gone = true;
    };
  }, [inputs, turnIds.join('\n')]);
  return turnIds.map((turnId) => inputs.of(turnId));
}
