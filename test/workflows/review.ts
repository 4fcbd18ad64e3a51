// What a user may have: a workflow that the model starts.

import { ApplicationFailure, condition } from '@temporalio/workflow';

export async function reviewOrder({ order }: { readonly order: number }): Promise<string> {
  if (order === 2) throw ApplicationFailure.nonRetryable(`order ${order} is fraud`, 'Fraud');
  // Somebody else ends it.
  if (order !== 1) await condition(() => false);
  return `order ${order} is fine`;
}
