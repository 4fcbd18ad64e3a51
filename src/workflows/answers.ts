/**
 * The answers to what the newest response asks for, until a later response has taken them. A turn that ends
 * before that completes its conversation with them.
 */
import type { JsonObject } from '../events/json.js';
import type { ApprovalRequest, RoutedCall } from '../events/routed-call.js';
import type { InferResult } from '../protocol/activity.js';
import { abortedOutput, withdrawnApproval } from '../protocol/aborted-output.js';
import { withinBounds } from './bound-outputs.js';

type Asking = Pick<InferResult, 'status' | 'calls' | 'approvals'>;

export class Answers {
  #calls: readonly RoutedCall[] = [];
  #approvals: readonly ApprovalRequest[] = [];
  readonly #begun = new Set<RoutedCall>();
  readonly #known = new Map<RoutedCall | ApprovalRequest, JsonObject>();
  #mayLack = false;

  /** A request goes out: until its answer is known it may have left calls in the conversation. */
  requested(): void {
    this.#mayLack = true;
  }

  asked({ status, calls, approvals = [] }: Asking): void {
    this.#calls = calls;
    this.#approvals = approvals;
    this.#begun.clear();
    this.#known.clear();
    // A response that was cut short may hold calls that nobody is to run.
    this.#mayLack = status === 'incomplete' || calls.length + approvals.length > 0;
  }

  /** From now on the call may have taken effect. */
  begun(call: RoutedCall): void {
    this.#begun.add(call);
  }

  keep(asked: RoutedCall | ApprovalRequest, item: JsonObject): JsonObject {
    this.#known.set(asked, item);
    return item;
  }

  /** An answer to each call and question, real where it is known. Undefined: nothing can be without one. */
  get left(): readonly JsonObject[] | undefined {
    if (!this.#mayLack) return undefined;
    const outputs = this.#calls.map(
      (call) => this.#known.get(call) ?? abortedOutput(call, this.#begun.has(call) ? 'cut_short' : 'not_run'),
    );
    return withinBounds([...outputs, ...this.#approvals.map((asked) => this.#decided(asked))]);
  }

  /** A yes is taken back: the server would run the tool in whatever turn comes next. */
  #decided(asked: ApprovalRequest): JsonObject {
    const known = this.#known.get(asked);
    return known?.['approve'] === false ? known : withdrawnApproval(asked.approval_request_id);
  }
}
