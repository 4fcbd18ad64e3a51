/** What the server's gRPC errors mean to us. */
import { isGrpcServiceError, WorkflowNotFoundError } from '@temporalio/client';

const NOT_FOUND = 5;

/** Nobody is there: no such run, or one that has closed. */
export function isNotFound(error: unknown): boolean {
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
