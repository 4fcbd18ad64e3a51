/** Waits for several iterators at once. One promise for each `next`, so that hours of waiting leave nothing behind. */
export class Pull<T> {
  readonly #from: AsyncIterator<T>;
  readonly #wake: () => void;
  #asked = false;
  #came: IteratorResult<T> | undefined;
  #failed: { readonly error: unknown } | undefined;

  constructor(from: AsyncIterator<T>, wake: () => void) {
    this.#from = from;
    this.#wake = wake;
  }

  /** What came, without taking it; undefined while nothing is there. Asks for more where nobody has. */
  peek(): IteratorResult<T> | undefined {
    if (this.#failed) throw this.#failed.error;
    if (!this.#came && !this.#asked) {
      this.#asked = true;
      this.#from.next().then(
        (result) => {
          this.#came = result;
          this.#wake();
        },
        (error: unknown) => {
          this.#failed = { error };
          this.#wake();
        },
      );
    }
    return this.#came;
  }

  take(): void {
    this.#came = undefined;
    this.#asked = false;
  }
}

/** Something that one side waits for and the other one says. */
export class Bell {
  #ring: (() => void) | undefined;
  #rung = false;

  readonly ring = (): void => {
    this.#rung = true;
    this.#ring?.();
  };

  async wait(): Promise<void> {
    if (!this.#rung) await new Promise<void>((resolve) => (this.#ring = resolve));
    this.#ring = undefined;
    this.#rung = false;
  }
}
