interface Closable {
  close(): unknown;
}

/** The parts of a process, closed in the reverse order of their opening, and the name of the one that is closing. */
export class ResourceStack implements AsyncDisposable {
  #stack = new AsyncDisposableStack();
  #progress: { closing?: string } = {};

  /** The part that is being closed; undefined before the first. */
  get closing(): string | undefined {
    return this.#progress.closing;
  }

  add<Part extends Closable>(name: string, part: Part): Part {
    this.defer(name, () => part.close());
    return part;
  }

  defer(name: string, close: () => unknown): void {
    const progress = this.#progress;
    this.#stack.defer(async () => {
      progress.closing = name;
      await close();
    });
  }

  /** Hands everything over: nothing is left here to be closed. */
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
