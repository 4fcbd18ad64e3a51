/**
 * The part of an openai client that a turn uses. Written out, and not taken from the openai package: its
 * classes have private members and its parameters differ by version, so a client of another version or copy
 * of the package would not fit.
 */
export interface ModelClient {
  readonly responses: {
    create(body: { readonly stream: true }, options: ModelRequestOptions): ModelRequest;
    /** For servers whose background responses have no streams. */
    create(body: { readonly stream: false }, options: ModelRequestOptions): PromiseLike<object>;
    /**
     * Agents with `background` need it. Without it nobody looks whether the response that a turn goes on from left
     * calls unanswered.
     */
    retrieve?(id: string, query: StreamQuery, options: ModelRequestOptions): ModelRequest;
    retrieve?(id: string, query: PollQuery | undefined, options: ModelRequestOptions): PromiseLike<object>;
    /** Without it a response in the background that nobody wants any more runs on. */
    cancel?(id: string, options: ModelRequestOptions): PromiseLike<unknown>;
  };
  readonly conversations: {
    create(body: object, options: ModelRequestOptions): PromiseLike<{ readonly id: string }>;
    /** Without it a conversation is not looked at before a request is repeated. */
    readonly items?: {
      list(
        conversation: string,
        query: { readonly limit: number; readonly order: 'desc'; readonly after?: string },
        options: ModelRequestOptions,
      ): PromiseLike<{ readonly data: readonly object[] }>;
      /** Without it calls that a turn leaves unanswered are answered by the next turn's first request. */
      create?(
        conversation: string,
        body: { readonly items: readonly object[] },
        options: ModelRequestOptions,
      ): PromiseLike<unknown>;
      /** Without it what a server took of a request that broke off may stand there twice. */
      delete?(
        item: string,
        of: { readonly conversation_id: string },
        options: ModelRequestOptions,
      ): PromiseLike<unknown>;
    };
  };
}

interface PollQuery {
  readonly include?: readonly string[];
  readonly stream?: false;
}

interface StreamQuery {
  readonly include?: readonly string[];
  readonly stream: true;
  readonly starting_after?: number;
}

export interface ModelRequestOptions {
  readonly signal: AbortSignal;
  /** 0 for whatever may not happen twice: Temporal retries. */
  readonly maxRetries: number;
  /** Milliseconds; default: the client's. */
  readonly timeout?: number;
}

export interface ModelRequest {
  withResponse(): Promise<{ readonly data: ModelStream; readonly response: Response }>;
}

/** Stream events as the server sent them, whatever the version of the package makes of their types. */
export interface ModelStream extends AsyncIterable<unknown> {
  readonly controller: AbortController;
}
