/** `/v1/conversations` and their items. */
import type { JsonObject, JsonValue } from '../events/json.js';
import { ApiError, badRequest, notFound } from './api-error.js';
import { jsonBody } from './http.js';
import type { Dialect } from './dialects/dialect.js';
import type { Call, Route } from './http.js';
import { inputItem } from './input-items.js';
import { pageOf } from './page.js';
import { includeOf, visibleItem } from './visible.js';
import { newId, objectOf, unixSeconds } from './wire.js';
import type { Item } from './wire.js';

interface Conversation {
  readonly id: string;
  readonly created_at: number;
  metadata: JsonObject;
  /** In the order in which they were added. */
  readonly items: Item[];
  /** Those of them that came with responses. */
  readonly said: Item[];
}

/** OpenAI's own refusal was seen with 400; others say 409. */
export type LockedStatus = 400 | 409;

const MAX_ITEMS = 20;

export class Conversations {
  readonly #conversations = new Map<string, Conversation>();
  readonly #busy = new Set<string>();
  readonly #addedItems: Dialect['addedItems'];
  readonly #lockedStatus: LockedStatus | undefined;

  /** `lockedStatus`: refuses a second response on a conversation while the first is being made. */
  constructor({ addedItems }: Pick<Dialect, 'addedItems'>, lockedStatus?: LockedStatus) {
    this.#addedItems = addedItems;
    this.#lockedStatus = lockedStatus;
  }

  readonly routes: readonly Route[] = [
    { method: 'POST', path: '/conversations', handle: (call) => ({ json: this.#create(jsonBody(call)) }) },
    { method: 'GET', path: '/conversations/:id', handle: (call) => ({ json: shown(this.#of(call)) }) },
    { method: 'POST', path: '/conversations/:id', handle: (call) => ({ json: this.#update(call) }) },
    { method: 'DELETE', path: '/conversations/:id', handle: (call) => ({ json: this.#delete(call) }) },
    { method: 'POST', path: '/conversations/:id/items', handle: (call) => ({ json: this.#addItems(call) }) },
    {
      method: 'GET',
      path: '/conversations/:id/items',
      handle: (call) => ({ json: this.#listItems(call) }),
    },
    {
      method: 'GET',
      path: '/conversations/:id/items/:item',
      handle: (call) => ({ json: this.#item(call) }),
    },
    {
      method: 'DELETE',
      path: '/conversations/:id/items/:item',
      handle: (call) => ({ json: this.#deleteItem(call) }),
    },
  ];

  /** What the model sees of a conversation, in its order; 404 if there is none of that id. */
  contextOf(id: string): readonly Item[] {
    const { items, said } = this.#get(id);
    return this.#addedItems === 'unseen' && said.length > 0 ? said : items;
  }

  /** Adds what a response was asked and what it said. A conversation deleted meanwhile takes nothing. */
  append(id: string, items: readonly Item[]): void {
    const conversation = this.#conversations.get(id);
    conversation?.items.push(...items);
    conversation?.said.push(...items);
  }

  /** Takes a conversation for a response; returns what lets go of it. */
  hold(id: string): () => void {
    if (this.#lockedStatus === undefined) return () => undefined;
    if (this.#busy.has(id))
      throw new ApiError(
        this.#lockedStatus,
        'Another process is currently operating on this conversation. Please retry in a few seconds.',
        { type: 'invalid_request_error', param: 'conversation', code: 'conversation_locked' },
      );
    this.#busy.add(id);
    return () => this.#busy.delete(id);
  }

  #get(id: string): Conversation {
    const conversation = this.#conversations.get(id);
    if (!conversation) throw notFound('Conversation', id);
    return conversation;
  }

  #of(call: Call): Conversation {
    return this.#get(call.params['id'] ?? '');
  }

  #create(body: JsonObject): JsonObject {
    const conversation: Conversation = {
      id: newId('conv'),
      created_at: unixSeconds(),
      metadata: objectOf(body['metadata']),
      items: itemsToAdd(body['items'] ?? []),
      said: [],
    };
    this.#conversations.set(conversation.id, conversation);
    return shown(conversation);
  }

  #update(call: Call): JsonObject {
    const conversation = this.#of(call);
    conversation.metadata = objectOf(jsonBody(call)['metadata']);
    return shown(conversation);
  }

  #delete(call: Call): JsonObject {
    const { id } = this.#of(call);
    this.#conversations.delete(id);
    return { id, object: 'conversation.deleted', deleted: true };
  }

  #addItems(call: Call): JsonObject {
    const conversation = this.#of(call);
    const items = itemsToAdd(jsonBody(call)['items']);
    conversation.items.push(...items);
    return pageOf(items, new URLSearchParams({ order: 'asc' }));
  }

  #listItems(call: Call): JsonObject {
    const include = includeOf(call.query);
    return pageOf(
      this.#of(call).items.map((item) => visibleItem(item, include)),
      call.query,
    );
  }

  #item(call: Call): Item {
    const item = this.#of(call).items.find(({ id }) => id === call.params['item']);
    if (!item) throw notFound('Item', call.params['item'] ?? '');
    return item;
  }

  #deleteItem(call: Call): JsonObject {
    const conversation = this.#of(call);
    conversation.items.splice(conversation.items.indexOf(this.#item(call)), 1);
    return shown(conversation);
  }
}

function itemsToAdd(items: JsonValue | undefined): Item[] {
  if (!Array.isArray(items)) throw badRequest("Missing required parameter: 'items'.", 'items');
  if (items.length > MAX_ITEMS) throw badRequest(`Too many items: at most ${MAX_ITEMS} at a time.`, 'items');
  return items.map((entry: JsonValue, index) => inputItem(entry, `items[${index}]`));
}

function shown({ id, created_at, metadata }: Conversation): JsonObject {
  return { id, object: 'conversation', created_at, metadata };
}
