/** Everything that belongs to one attempt to get a response. */
import type { Agent } from '../agents/define-agent.js';
import { inferenceStepPrefix } from '../events/step-id.js';
import type { InferInput } from '../protocol/activity.js';
import type { ActivityDeps } from './activity-deps.js';
import { Answer } from './answer.js';
import type { Attempt } from './attempt.js';
import type { LostAttempt, RunningResponse } from './give-up.js';
import type { ModelClient } from './model-client.js';
import { DEFAULT_MAXIMUM_ATTEMPTS } from './retry-delay.js';
import { toldBefore } from './told-response.js';
import type { ToldSteps } from './told-steps.js';

export class Inference implements LostAttempt {
  readonly model: string;
  readonly bound: number;
  running: RunningResponse | undefined;
  /** What earlier attempts told is known, or there are none. */
  #knowsBefore: boolean;
  readonly deps: ActivityDeps;
  readonly agent: Agent;
  readonly input: InferInput;
  readonly attempt: Attempt;
  #stepPrefix: string;
  #answer: Answer;

  constructor(deps: ActivityDeps, agent: Agent, input: InferInput, attempt: Attempt) {
    this.deps = deps;
    this.agent = agent;
    this.input = input;
    this.attempt = attempt;
    this.model = input.overrides?.model ?? agent.model;
    this.bound = agent.inference?.maximumAttempts ?? DEFAULT_MAXIMUM_ATTEMPTS;
    this.#stepPrefix = inferenceStepPrefix(input.response, attempt.epoch);
    this.#answer = this.#newAnswer();
    this.#knowsBefore = !agent.background || attempt.isFirst;
  }

  get mayRun(): boolean {
    return this.running !== undefined || !this.#knowsBefore;
  }

  async findRunning(): Promise<RunningResponse | undefined> {
    if (this.running || this.#knowsBefore) return this.running;
    const { responseId: id } = await toldBefore(this.attempt.context);
    return id === undefined ? undefined : { client: this.client, id };
  }

  get client(): ModelClient {
    return this.agent.openai ?? this.deps.openai();
  }

  get stepPrefix(): string {
    return this.#stepPrefix;
  }

  get answer(): Answer {
    return this.#answer;
  }

  /** Goes on with the steps of an earlier attempt. */
  takeUp(told: ToldSteps): void {
    this.#knowsBefore = true;
    const [first] = told.steps;
    if (first) this.#stepPrefix = first.step_id.slice(0, first.step_id.lastIndexOf('.') + 1);
    this.#answer = this.#newAnswer(told);
  }

  /** What was told is void: from here on the attempt speaks for itself. */
  startAnew(code: string, message: string): void {
    this.#answer.supersede({ code, message }, undefined);
    this.running = undefined;
    this.begin();
  }

  /** In steps of the attempt's own, which its epoch names. */
  begin(): void {
    this.#stepPrefix = inferenceStepPrefix(this.input.response, this.attempt.epoch);
    this.#answer = this.#newAnswer();
  }

  #newAnswer(told?: ToldSteps): Answer {
    const { input, agent, attempt, model } = this;
    const options = {
      stepPrefix: this.#stepPrefix,
      attempt: attempt.number,
      model,
      ...(input.response === 1 ? { agentHash: agent.hash } : {}),
      clientTools: agent.tools.map(({ name, toolType }) => ({ type: toolType, name })),
    };
    return new Answer(options, attempt, told);
  }
}
