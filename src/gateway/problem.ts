/** What a client is told when a request fails: RFC 9457, `application/problem+json`, with a code for programs. */

interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** The same request may work a little later. */
  readonly retry?: true;
}

export const PROBLEMS = {
  malformed_url: { status: 400, title: 'The path or the query of the request is malformed.' },
  malformed_request: { status: 400, title: 'The request is no HTTP that can be answered.' },
  malformed_json: { status: 400, title: 'The body is not JSON.' },
  invalid_request: { status: 400, title: 'The request does not fit the OpenAPI document.' },
  invalid_input: { status: 400, title: 'The turn input cannot be right.' },
  invalid_cursor: { status: 400, title: 'The cursor is not one of this turn.' },
  invalid_resolution: { status: 400, title: 'The decision does not fit the question.' },
  refused_by_temporal: { status: 400, title: 'Temporal refuses the request.' },
  unauthorized: { status: 401, title: 'A bearer token that is known here is needed.' },
  forbidden_host: { status: 403, title: 'This gateway is not asked under this host name.' },
  forbidden_origin: { status: 403, title: 'Pages of this origin may not use the gateway.' },
  not_found: { status: 404, title: 'There is nothing at this path.' },
  turn_not_found: { status: 404, title: 'No such turn is known.' },
  session_not_found: { status: 404, title: 'No such session is known.' },
  input_not_found: { status: 404, title: 'The turn asks nothing under this input_id.' },
  method_not_allowed: { status: 405, title: 'This path does not take this method.' },
  not_acceptable: { status: 406, title: 'The answer has another media type than those accepted.' },
  request_timeout: { status: 408, title: 'The body did not arrive in time.' },
  turn_id_conflict: { status: 409, title: 'Another turn has this id.' },
  session_closed: { status: 409, title: 'The session is closed.' },
  input_already_resolved: { status: 409, title: 'The question was decided before, in another way.' },
  events_expired: { status: 410, title: 'Events behind the cursor are past their retention.' },
  body_too_large: { status: 413, title: 'The body is too large.' },
  unsupported_media_type: { status: 415, title: 'The body must be application/json.' },
  headers_too_large: { status: 431, title: 'The headers are too large.' },
  too_many_watchers: { status: 429, title: 'Too many watchers follow turns here.', retry: true },
  internal_error: { status: 500, title: 'The gateway failed.' },
  temporal_refused: { status: 502, title: 'Temporal refuses this gateway.' },
  temporal_unavailable: { status: 503, title: 'Temporal cannot be reached.', retry: true },
  no_worker: { status: 503, title: 'No worker is there to answer.', retry: true },
  shutting_down: { status: 503, title: 'This gateway is shutting down.', retry: true },
  temporal_timeout: { status: 504, title: 'Temporal did not answer in time.', retry: true },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof PROBLEMS;

/** What is wrong at one place of the request. */
export interface RequestError {
  /** JSON pointer into the body, or into `/path`, `/query` or `/header`. */
  readonly path: string;
  readonly message: string;
}

interface ProblemFacts {
  readonly errors?: readonly RequestError[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

const RETRY_AFTER_SECONDS = 2;

/** Thrown anywhere below a route; the gateway answers with it. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly errors: readonly RequestError[];
  readonly #headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, detail: string, { errors = [], headers = {}, cause }: ProblemFacts = {}) {
    super(detail, { cause });
    this.code = code;
    this.errors = errors;
    this.#headers = headers;
  }

  response(): Response {
    const { status, title, retry }: ProblemKind = PROBLEMS[this.code];
    const body = {
      type: 'about:blank',
      title,
      status,
      detail: this.message,
      code: this.code,
      ...(this.errors.length > 0 ? { errors: this.errors } : {}),
    };
    return new Response(JSON.stringify(body), {
      status,
      headers: {
        'content-type': 'application/problem+json',
        'cache-control': 'no-store',
        ...(retry ? { 'retry-after': String(RETRY_AFTER_SECONDS) } : {}),
        ...this.#headers,
      },
    });
  }
}
