/** The part of the openai client that a turn uses; any client of this shape will do. */
import type OpenAI from 'openai';

export type ModelClient = Pick<OpenAI, 'responses' | 'conversations'>;
