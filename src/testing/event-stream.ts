/** Server-sent events on a response, in the framing of one dialect. */
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import type { ServerResponse } from 'node:http';
import type { Dialect } from './dialects/dialect.js';
import type { WireEvent } from './wire.js';

export type Framing = Pick<Dialect, 'eventLines' | 'doneMarker' | 'keepalive' | 'keepaliveMs'>;

export class EventStream {
  readonly #response: ServerResponse;
  readonly #framing: Framing;
  /** Aborted when the client goes away. */
  readonly #gone: AbortSignal;
  #pieceBytes: number | undefined;
  #writing = false;
  #silent = true;

  constructor(response: ServerResponse, framing: Framing, gone: AbortSignal) {
    this.#response = response;
    this.#framing = framing;
    this.#gone = gone;
  }

  /** Writes the headers, so that the client knows that an answer has begun. */
  open(): void {
    this.#response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
    });
    this.#response.flushHeaders();
    if (this.#framing.keepalive === 'none') return;
    this.#sayAlive();
    const timer = setInterval(() => {
      if (this.#silent && !this.#writing) this.#sayAlive();
      this.#silent = true;
    }, this.#framing.keepaliveMs);
    this.#response.once('close', () => clearInterval(timer));
  }

  /** Waits when the client reads more slowly than we write. */
  async send(event: WireEvent): Promise<void> {
    await this.#write(this.#frame(event.type, JSON.stringify(event)));
  }

  async sendMalformed(data: string): Promise<void> {
    await this.#write(this.#frame('response.output_text.delta', data));
  }

  /** What follows goes out in pieces of so many bytes. */
  splitInto(bytes: number): void {
    this.#pieceBytes = Math.max(1, Math.floor(bytes));
  }

  /** `said`: the response has said all, so a dialect with an end marker writes it. */
  async end(said: boolean): Promise<void> {
    if (said && this.#framing.doneMarker) await this.#write('data: [DONE]\n\n');
    this.#response.end();
  }

  #frame(type: string, data: string): string {
    return this.#framing.eventLines ? `event: ${type}\ndata: ${data}\n\n` : `data: ${data}\n\n`;
  }

  async #write(text: string): Promise<void> {
    this.#silent = false;
    if (this.#pieceBytes === undefined) {
      if (!this.#response.write(text)) await this.#drained();
      return;
    }
    this.#writing = true;
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length && !this.#gone.aborted; at += this.#pieceBytes) {
      if (!this.#response.write(bytes.subarray(at, at + this.#pieceBytes))) await this.#drained();
      // A turn of the event loop, so that each piece travels alone.
      await setImmediate();
    }
    this.#writing = false;
  }

  #sayAlive(): void {
    // OpenRouter's comment, word for word. That keepalive events carry nothing but their type is a guess.
    const line = this.#framing.keepalive === 'comment' ? ': OPENROUTER PROCESSING\n\n' : undefined;
    this.#response.write(line ?? this.#frame('keepalive', '{"type":"keepalive"}'));
  }

  async #drained(): Promise<void> {
    await once(this.#response, 'drain', { signal: this.#gone }).catch(() => undefined);
  }
}
