/**
 * The one place from which a screen reader is spoken to. Of what comes in quick succession only the last is
 * said: streaming text would otherwise never let anybody finish a sentence.
 */
import { useEffect, useState } from 'preact/hooks';

const QUIET_MS = 1200;

export class Announcements {
  #text = '';
  #due = false;
  #last = 0;
  #say: (text: string) => void = () => undefined;

  readonly announce = (text: string): void => {
    this.#text = text;
    if (this.#due) return;
    this.#due = true;
    setTimeout(
      () => {
        this.#due = false;
        this.#last = Date.now();
        this.#say(this.#text);
      },
      Math.max(0, this.#last + QUIET_MS - Date.now()),
    );
  };

  listen(say: (text: string) => void): void {
    this.#say = say;
  }
}

export function Announcer({ announcements }: { announcements: Announcements }) {
  const [text, setText] = useState('');
  useEffect(() => announcements.listen(setText), [announcements]);
  return (
    <div class="hidden" role="status" aria-live="polite" aria-atomic="true">
      {text}
    </div>
  );
}
