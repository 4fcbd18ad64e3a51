/** Parameters that several operations take. */
import { boolean, ref } from './schema.js';
import type { Schema } from './schema.js';

const cursor = { type: 'string', minLength: 1, maxLength: 2048 };

export const cursorQuery: Readonly<Record<string, Schema>> = {
  after: { ...cursor, description: 'Cursor: only the events behind it. Last-Event-ID goes before it.' },
  follow: { ...boolean, default: true, description: 'false: end at what is there now.' },
};

export const LAST_EVENT_ID: Readonly<Record<string, Schema>> = {
  'last-event-id': { ...cursor, description: 'Cursor, as browsers send it when they reconnect.' },
};

export const agentFilter: Schema = ref('AgentName');

export const pageQuery: Readonly<Record<string, Schema>> = {
  limit: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
  page: {
    type: 'string',
    minLength: 1,
    maxLength: 4096,
    description: '`next_page` of the page before; the other parameters must be the same.',
  },
};
