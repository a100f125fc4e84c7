interface Closable {
  close(): unknown;
}

/**
 * Holds the parts of a process and closes them in reverse order of opening, one after the other. A part that fails to close
 * does not keep the others open; disposal then rejects, with a SuppressedError when several failed.
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
