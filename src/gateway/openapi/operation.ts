/** One operation of the API as a value: the router, the checks and the OpenAPI document are all made from it. */
import type { ProblemCode } from '../problem.js';
import type { Schema } from './schema.js';

export interface Operation {
  readonly id: string;
  readonly method: 'get' | 'post';
  /** As OpenAPI writes it: `/turns/{turn_id}`. */
  readonly path: `/${string}`;
  readonly tag: 'turns' | 'sessions' | 'service';
  readonly summary: string;
  readonly description?: string;
  /** Schemas of the parameters in the path, by name. */
  readonly params?: Readonly<Record<string, Schema>>;
  /** Schemas of the query parameters; all are optional. */
  readonly query?: Readonly<Record<string, Schema>>;
  /** Schemas of headers that have a meaning; all are optional. */
  readonly headers?: Readonly<Record<string, Schema>>;
  /** Of the JSON body, which then is required. */
  readonly body?: Schema;
  readonly answers: Readonly<Record<number, Answer>>;
  /** What can go wrong beside what can go wrong everywhere. */
  readonly problems?: readonly ProblemCode[];
  /** true: needs no token. */
  readonly open?: boolean;
}

export interface Answer {
  readonly description: string;
  /** Absent: no content. */
  readonly schema?: Schema;
  /** Default: application/json. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}
