/** What the server's gRPC errors mean to us. */
import { isGrpcServiceError, WorkflowNotFoundError } from '@temporalio/client';

const NOT_FOUND = 5;

/** The code is the one of turns that are gone, and only the words tell a namespace that was never there from them. */
const NO_NAMESPACE = /^Namespace .* is not found/;

/** Nobody is there: no such run, or one that has closed. A namespace that is missing says nothing about its runs. */
export function isNotFound(error: unknown): boolean {
  if (NO_NAMESPACE.test(grpcErrorIn(error)?.details ?? '')) return false;
  if (error instanceof WorkflowNotFoundError) return true;
  if (isGrpcServiceError(error)) {
    const code: number = error.code;
    return code === NOT_FOUND;
  }
  return error instanceof Error && error.cause !== undefined && isNotFound(error.cause);
}

/** What gRPC said, also where the SDK has wrapped it. */
export function grpcErrorIn(error: unknown): { readonly code: number; readonly details: string } | undefined {
  if (isGrpcServiceError(error)) return error;
  return error instanceof Error && error.cause !== undefined ? grpcErrorIn(error.cause) : undefined;
}
