/**
 * What a turn asks of people and other services, and their answers: the update `resolve_input`.
 *
 * A question is answered once. The same answer again gives the recorded outcome, another one is refused, and
 * so is one about other arguments than those that were asked about.
 */
import { CancelledFailure, condition, setHandler } from '@temporalio/workflow';
import type { ApplicationFailure } from '@temporalio/workflow';
import type { BatchInputRequired } from '../events/batch.js';
import type { InputKind } from '../events/turn-event.js';
import { resolveInputUpdate } from '../protocol/definitions.js';
import { fail } from '../protocol/failures.js';
import type { InputOutcome, InputResolution } from '../protocol/resolve-input.js';
import type { DecidedInput } from '../protocol/turn-carry.js';
import { fingerprint } from './fingerprint.js';
import { now } from './recorder.js';
import type { Recorder } from './recorder.js';
import { wrongWith } from './check-resolution.js';

export interface Question {
  readonly input_id: string;
  readonly step_id: string;
  readonly kind: InputKind;
  readonly arguments_hash: string;
  /** Of an MCP approval request. */
  readonly call_id?: string;
  readonly timeout_ms?: number | undefined;
}

/** Undefined: nobody answered in time. */
export type Resolution = InputResolution | undefined;

interface Asked {
  readonly question: Pick<Question, 'kind' | 'arguments_hash'>;
  answer?: InputResolution;
  outcome?: InputOutcome;
  /** Of the output that was given. */
  fingerprint?: string;
}

export class Inputs {
  readonly #recorder: Recorder;
  readonly #asked = new Map<string, Asked>();
  #abandoned = false;

  /** `decided`: by earlier runs of the turn. */
  constructor(recorder: Recorder, decided: readonly DecidedInput[] = []) {
    this.#recorder = recorder;
    for (const { outcome, kind, arguments_hash, fingerprint: print } of decided) {
      const question = { kind, arguments_hash };
      this.#asked.set(outcome.input_id, { question, outcome, ...(print ? { fingerprint: print } : {}) });
    }
    setHandler(resolveInputUpdate, (resolution) => this.#resolve(resolution), {
      validator: (resolution) => this.#check(resolution),
    });
  }

  /**
   * Says the question and waits for its answer; to say the outcome, with what follows from it, is the caller's.
   */
  async ask(question: Question): Promise<Resolution> {
    const asked: Asked = { question };
    this.#asked.set(question.input_id, asked);
    this.#recorder.say([required(question)]);
    const settled = () => asked.answer !== undefined || this.#abandoned;
    try {
      if (question.timeout_ms === undefined) await condition(settled);
      else if (!(await condition(settled, question.timeout_ms)))
        asked.outcome = undecided(question, 'timeout');
      if (this.#abandoned) throw new CancelledFailure('The turn has failed meanwhile');
    } catch (thrown) {
      // Whoever answers now is told that it is too late; the end of the turn tells the watchers.
      asked.outcome = undecided(question, 'cancelled');
      throw thrown;
    }
    return asked.answer;
  }

  /** Everything that was asked and has an outcome, oldest first. */
  get decided(): readonly DecidedInput[] {
    return [...this.#asked.values()].flatMap(({ question, outcome, fingerprint: print }) => {
      const { kind, arguments_hash } = question;
      return outcome ? [{ kind, arguments_hash, outcome, ...(print ? { fingerprint: print } : {}) }] : [];
    });
  }

  /** The turn has failed: every question is withdrawn, and no answer runs anything. */
  abandon(): void {
    this.#abandoned = true;
  }

  /** The outcome, to be said with what follows from it. */
  outcomeOf(inputId: string): InputOutcome {
    const outcome = this.#asked.get(inputId)?.outcome;
    if (!outcome) throw new Error(`${inputId} has no outcome yet`);
    return outcome;
  }

  #resolve(resolution: InputResolution): InputOutcome {
    const { input_id, decision, by, reason } = resolution;
    const asked = this.#asked.get(input_id);
    if (!asked) throw notFound(input_id);
    if (asked.outcome) return asked.outcome;
    asked.answer = resolution;
    asked.outcome = {
      input_id,
      decision,
      ...(by === undefined ? {} : { by }),
      ...(reason === undefined ? {} : { reason }),
      at: now(),
    };
    if (decision === 'output') {
      asked.fingerprint = fingerprint(resolution.output);
      this.#recorder.learned(input_id, resolution.output);
    }
    return asked.outcome;
  }

  #check(resolution: InputResolution): void {
    const { input_id } = Object(resolution) as { readonly input_id: string };
    const asked = this.#asked.get(input_id);
    if (!asked) throw notFound(input_id);
    const wrong = wrongWith(resolution, asked.question);
    if (wrong) throw fail('InvalidResolution', { message: wrong });
    if (!asked.outcome && this.#abandoned) asked.outcome = undecided({ input_id }, 'cancelled');
    if (!asked.outcome || isSame(asked, resolution)) return;
    throw fail('InputAlreadyResolved', {
      message: `${input_id} was decided before: ${asked.outcome.decision} at ${asked.outcome.at}`,
    });
  }
}

function required({ input_id, step_id, kind, call_id, timeout_ms }: Question): BatchInputRequired {
  const at = now();
  const expires = timeout_ms === undefined ? undefined : new Date(Date.now() + timeout_ms).toISOString();
  return {
    type: 'input_required',
    input_id,
    step_id,
    kind,
    ...(call_id === undefined ? {} : { call_id }),
    ...(expires === undefined ? {} : { expires_at: expires }),
    at,
  };
}

function undecided(
  { input_id }: Pick<Question, 'input_id'>,
  decision: 'timeout' | 'cancelled',
): InputOutcome {
  return { input_id, decision, at: now() };
}

/** The same decision again; for an output, the same output. */
function isSame({ outcome, fingerprint: given }: Asked, resolution: InputResolution): boolean {
  if (outcome?.decision !== resolution.decision) return false;
  return resolution.decision !== 'output' || given === fingerprint(resolution.output);
}

function notFound(inputId: unknown): ApplicationFailure {
  return fail('InputNotFound', { message: `This turn asks nothing under ${JSON.stringify(inputId)}` });
}
