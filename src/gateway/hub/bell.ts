/** What somebody waits for until it rings; nobody who came before it is forgotten. */
export class Bell {
  #ringing: Promise<void>;
  #resolve: () => void = () => {};

  constructor() {
    this.#ringing = this.#renewed();
  }

  wait(): Promise<void> {
    return this.#ringing;
  }

  ring(): void {
    this.#resolve();
    this.#ringing = this.#renewed();
  }

  #renewed(): Promise<void> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }
}
