/** What the model has asked for, and what somebody outside has answered: later events leave out what is known of it. */
import type { ActivityOutcome } from './activity-outcome.js';
import type { JsonValue } from './json.js';
import type { Asked } from './open-calls.js';
import type { ApprovalRequest, RoutedCall } from './routed-call.js';
import { callOfStep } from './step-id.js';

/** What the answer to a request asks us to run and to decide. */
export type Asks = Pick<ActivityOutcome, 'calls' | 'approvals'>;

export class KnownCalls {
  readonly #calls = new Map<string, RoutedCall>();
  readonly #approvals = new Map<string, ApprovalRequest>();
  /** By the step that they belong to. */
  readonly #outputs = new Map<string, JsonValue>();
  #newest: Asked | undefined;

  /** Of the newest response that was handed over. */
  get newest(): Asked | undefined {
    return this.#newest;
  }

  /** @param response its ordinal in the turn */
  ask(response: number, { calls = [], approvals = [] }: Asks): void {
    calls.forEach((call, index) => this.#calls.set(callKey(response, index), call));
    approvals.forEach((approval) => this.#approvals.set(approval.approval_request_id, approval));
    this.#newest = { response, calls, approvals };
  }

  /** The first answer counts. */
  answer(stepId: string, output: JsonValue): void {
    if (!this.#outputs.has(stepId)) this.#outputs.set(stepId, output);
  }

  callOf(stepId: string): RoutedCall | undefined {
    const place = callOfStep(stepId);
    return place && this.#calls.get(callKey(place.response, place.call));
  }

  approvalOf(callId: string): ApprovalRequest | undefined {
    return this.#approvals.get(callId);
  }

  outputOf(stepId: string): JsonValue | undefined {
    return this.#outputs.get(stepId);
  }
}

const callKey = (response: number, call: number): string => `${response}/${call}`;
