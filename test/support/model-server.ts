// The server of this test run that speaks the Responses API: a client for it, and what a test makes there.

import { randomBytes } from 'node:crypto';
import OpenAI, { toFile } from 'openai';
import type { ConversationItem } from 'openai/resources/conversations/items';
import { inject } from 'vitest';

/** What openai clients of tests and of agents are made with. */
export function modelServerOptions(): { readonly apiKey: string; readonly baseURL: string } {
  return { apiKey: process.env['RESPONSES_API_KEY'] || 'none', baseURL: inject('responsesBaseUrl') };
}

/** Makes conversations, files and vector stores, and deletes them with `cleanUp`. */
export class ModelServer {
  readonly client = new OpenAI(modelServerOptions());
  readonly #deletions: (() => Promise<unknown>)[] = [];

  async conversation(): Promise<string> {
    const { id } = await this.client.conversations.create();
    this.#deletions.push(() => this.client.conversations.delete(id));
    return id;
  }

  /** A vector store that holds one document. */
  async vectorStore(text: string): Promise<string> {
    const file = await this.client.files.create({
      file: await toFile(Buffer.from(text), 'document.txt'),
      purpose: 'assistants',
    });
    this.#deletions.push(() => this.client.files.delete(file.id));
    const store = await this.client.vectorStores.create({ name: 'durable-turns test', ...embedding() });
    this.#deletions.push(() => this.client.vectorStores.delete(store.id));
    const { status, last_error } = await this.client.vectorStores.files.createAndPoll(store.id, {
      file_id: file.id,
    });
    if (status !== 'completed') throw new Error(`The document is ${status}: ${last_error?.message}`);
    return store.id;
  }

  /**
   * In the server's order, which says nothing on Llama Stack: turns that are seconds apart interleave there. Llama
   * Stack knows no pages either: it gives as many as were asked for, says that there are no more, and heeds no `after`.
   */
  async itemsOf(conversation: string): Promise<readonly ConversationItem[]> {
    for (let limit = 100; ; limit *= 10) {
      const items: ConversationItem[] = [];
      for await (const item of this.client.conversations.items.list(conversation, { limit }))
        items.push(item);
      if (items.length !== limit) return items;
    }
  }

  /** The last made goes first. */
  async cleanUp(): Promise<void> {
    for (const remove of this.#deletions.splice(0).toReversed()) await remove();
  }
}

/** A word that no model knows: found in an answer, it came from where the test put it. */
export function secretWord(): string {
  return `Q${randomBytes(5).toString('hex')}`;
}

/** A Llama Stack without a default embedding model must be told one; other servers know no such parameter. */
function embedding(): { embedding_model?: string } {
  const model = inject('embeddingModel');
  return model === '' ? {} : { embedding_model: model };
}
