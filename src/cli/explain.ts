/** An error as a sentence that says what to do, and as an exit code. Pure. */
import { EXIT } from './exit.js';
import type { ExitCode } from './exit.js';

/** A command's own refusal. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exit: ExitCode;

  constructor(message: string, exit: ExitCode = EXIT.usage) {
    super(message);
    this.exit = exit;
  }
}

export interface Explained {
  readonly exit: ExitCode;
  readonly sentence: string;
}

const EXITS: Readonly<Record<string, ExitCode>> = {
  TurnNotFoundError: EXIT.usage,
  TurnIdConflictError: EXIT.usage,
  InvalidTurnInputError: EXIT.usage,
  InvalidCursorError: EXIT.usage,
  InvalidFilterError: EXIT.usage,
  InputNotFoundError: EXIT.usage,
  InputAlreadyResolvedError: EXIT.usage,
  InvalidResolutionError: EXIT.usage,
  SessionNotFoundError: EXIT.usage,
  SessionClosedError: EXIT.usage,
  MessageConflictError: EXIT.usage,
  NamespaceNotFoundError: EXIT.usage,
  BrokenRecordingError: EXIT.usage,
  GatewayConfigurationError: EXIT.usage,
  TurnFailedError: EXIT.failed,
  TurnCancelledError: EXIT.cancelled,
  NoWorkerError: EXIT.unavailable,
  TemporalUnreachableError: EXIT.unavailable,
  TemporalCliNotFoundError: EXIT.unavailable,
  TemporalStartError: EXIT.unavailable,
};

/** gRPC's codes for a server that cannot be asked now: DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, UNAVAILABLE. */
const AWAY: readonly unknown[] = [4, 8, 14];
/** INVALID_ARGUMENT, PERMISSION_DENIED, UNAUTHENTICATED: trying again does not help. */
const REFUSED: readonly unknown[] = [3, 7, 16];

export function explain(error: unknown): Explained {
  if (error instanceof CommandError) return { exit: error.exit, sentence: error.message };
  if (!(error instanceof Error)) return { exit: EXIT.unexpected, sentence: String(error) };
  const { code } = error as { readonly code?: unknown };
  const grpc = grpcOf(error);
  if (error.name === 'NamespaceNotFoundError' || /^Namespace .* is not found/.test(grpc?.message ?? '')) {
    const said = (grpc?.message ?? error.message).replace(/\.$/, '');
    return { exit: EXIT.usage, sentence: `${said}. Set --namespace or TEMPORAL_NAMESPACE.` };
  }
  const known = EXITS[error.name];
  if (known !== undefined) return { exit: known, sentence: error.message };
  if (code === 'EADDRINUSE' || code === 'EACCES')
    return { exit: EXIT.unavailable, sentence: `${error.message}. Choose another --port.` };
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return { exit: EXIT.usage, sentence: `${error.message}. Choose another --host.` };
  if (grpc && AWAY.includes(grpc.code))
    return { exit: EXIT.unavailable, sentence: `Temporal does not answer: ${grpc.message}` };
  if (grpc && REFUSED.includes(grpc.code))
    return { exit: EXIT.usage, sentence: `Temporal refuses this: ${grpc.message}` };
  return { exit: EXIT.unexpected, sentence: withCauses(error) };
}

/** The SDK's ServiceError has the gRPC error as its cause. */
export function grpcOf(error: Error): { readonly code: unknown; readonly message: string } | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code, details } = at as { readonly code?: unknown; readonly details?: unknown };
    if (typeof code === 'number' && typeof details === 'string') return { code, message: details };
  }
  return undefined;
}

function withCauses(error: Error): string {
  return error.cause instanceof Error ? `${error.message}: ${withCauses(error.cause)}` : error.message;
}
