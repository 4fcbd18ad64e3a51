/**
 * What names a call for ever. Servers repeat call ids over responses, so the response and the call's place in
 * it are part of it; a reset turn keeps it, as it keeps its responses.
 */
export function idempotencyKey(turnId: string, responseId: string, index: number): string {
  return [turnId, responseId, index].join('/');
}
