/** The demo's flags. */
import { parseArgs } from 'node:util';

export const HELP = `Runs one turn of an agent and prints it as it happens:
the model searches a document, calls a tool of ours, and answers.

  npm run demo                 a Temporal dev server and a scripted model, both started and stopped here
  npm run demo -- --live       a real model: OPENAI_API_KEY, OPENAI_BASE_URL (default OpenAI's), MODEL, and
                               EMBEDDING_MODEL for servers that need one for a vector store
  npm run demo -- --temporal   your Temporal server: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE ... or Temporal's
                               configuration file
  npm run demo -- --stay       leave the servers up afterwards, until Ctrl-C, to look around in the Temporal UI
  npm run demo -- --help       this text`;

export interface DemoOptions {
  readonly live: boolean;
  readonly temporal: boolean;
  readonly stay: boolean;
  readonly help: boolean;
}

/** @throws TypeError for a flag that it does not know. */
export function parseOptions(args: string[]): DemoOptions {
  const flag = { type: 'boolean', default: false } as const;
  const options = { live: flag, temporal: flag, stay: flag, help: { ...flag, short: 'h' } } as const;
  return parseArgs({ args, options }).values;
}
