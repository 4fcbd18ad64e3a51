// What the global set-ups hand to the tests: `inject('temporalAddress')` and so on.

import 'vitest';

declare module 'vitest' {
  export interface ProvidedContext {
    /** `host:port` of the Temporal server that was started for this run. */
    temporalAddress: string;
    temporalNamespace: string;
    /** Path of our workflows, bundled for agents without options of their own for workflows. */
    workflowBundle: string;
    /** Folder of what `compilePrograms` has compiled. */
    programs: string;
    /** For the OpenAI client's `baseURL`, with `/v1`. */
    responsesBaseUrl: string;
    model: string;
    /** Empty: the server's default. */
    embeddingModel: string;
  }
}
