interface Closable {
  close(): unknown;
}

/**
 * Holds the parts of a process and closes them in reverse order of opening, one after the other. When a part fails to close,
 * the others are still closed, and disposal rejects with the error (a SuppressedError when several parts failed).
 */
export class ResourceStack implements AsyncDisposable {
  #stack = new AsyncDisposableStack();
  #progress: { closing?: string } = {};

  /** Name of the part that is being closed, or was closed last; undefined before disposal. */
  get closing(): string | undefined {
    return this.#progress.closing;
  }

  /** Adds a part that is already open and returns it. */
  add<Part extends Closable>(name: string, part: Part): Part {
    this.defer(name, () => part.close());
    return part;
  }

  /** Adds a function that closes the part. */
  defer(name: string, close: () => unknown): void {
    const progress = this.#progress;
    this.#stack.defer(async () => {
      progress.closing = name;
      await close();
    });
  }

  /** Moves all parts to a new stack. This one is then disposed and closes nothing. */
  move(): ResourceStack {
    const moved = new ResourceStack();
    moved.#stack = this.#stack.move();
    moved.#progress = this.#progress;
    return moved;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}
