/** The document that the demo's agent searches, and its way into a vector store. */
import { setTimeout as sleep } from 'node:timers/promises';
import { toFile } from 'openai';
import type { Cleanup } from '../support.js';
import type { DemoModel } from './servers.js';

const NAME = 'great-work.txt';
const TEXT = `To do great work, choose a field that you are curious about and that has room for more than has been done. Great \
work grows from curiosity, because curiosity keeps you at a question after the praise and the fear have worn off.

Learn enough to reach the edge of what is known there. From far away the edge looks smooth; close up it is full of \
gaps, and a gap that nobody else seems to mind is a good place to begin.

Begin small and finish things. A rough first version teaches more than a careful plan, and many small finished \
pieces add up the way interest does.

Keep good company and tell the truth about your results, to yourself first. Rest before you have to: a tired mind \
only repeats what it did yesterday.

Bread, on the other hand, needs flour, water, salt and a night in the cold.
`;

const POLL_MS = 200;

/** Uploads the document, waits until it can be searched, and gives the vector store's id. */
export async function uploadDocument(
  { openai, embeddingModel }: DemoModel,
  cleanup: Cleanup,
  signal: AbortSignal,
): Promise<string> {
  const file = await openai.files.create(
    { file: await toFile(Buffer.from(TEXT), NAME), purpose: 'assistants' },
    { signal },
  );
  cleanup.add(() => openai.files.delete(file.id));
  // Llama Stack wants to be told the model for embeddings; OpenAI does not know the parameter.
  const embedding = embeddingModel === undefined ? {} : { embedding_model: embeddingModel };
  const store = await openai.vectorStores.create({ name: 'durable-turns demo', ...embedding }, { signal });
  cleanup.add(() => openai.vectorStores.delete(store.id));

  let entry = await openai.vectorStores.files.create(store.id, { file_id: file.id }, { signal });
  while (entry.status === 'in_progress') {
    await sleep(POLL_MS, undefined, { signal });
    entry = await openai.vectorStores.files.retrieve(file.id, { vector_store_id: store.id }, { signal });
  }
  if (entry.status !== 'completed') {
    throw new Error(`${NAME} cannot be searched: ${entry.last_error?.message ?? entry.status}`);
  }
  console.log(`Document  ${NAME} in vector store ${store.id}, both deleted at the end`);
  return store.id;
}
