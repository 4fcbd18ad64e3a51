/** What goes wrong between the page and the gateway, in words for people. */

interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** The gateway answered with an error (`application/problem+json`), or something between answered for it. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** No answer came: the gateway is down, or the network is. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';

  constructor(cause: unknown) {
    super('The gateway cannot be reached.', { cause });
  }
}

export async function problemOf(response: Response): Promise<ProblemError> {
  const fallback = `The gateway answered ${response.status} ${response.statusText}`.trim();
  const body = asRecord(await response.json().catch(() => undefined));
  const title = textOf(body['detail']) ?? textOf(body['title']) ?? `${fallback}.`;
  const fields = Array.isArray(body['errors']) ? body['errors'].flatMap(fieldError) : [];
  const message = [title, ...fields.map(({ path, message: said }) => `${path}: ${said}`)].join('\n');
  return new ProblemError(response.status, textOf(body['code']) ?? String(response.status), message);
}

/** The sentence to show for anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function fieldError(entry: unknown): FieldError[] {
  const { path, message } = asRecord(entry);
  return typeof path === 'string' && typeof message === 'string' ? [{ path, message }] : [];
}

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
