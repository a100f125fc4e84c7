/** What still has to be written for a lecture that ends, for example the end of its recording. Until then, this process owns it. */
export class Holds {
  readonly #open = new Set<Promise<unknown>>();

  /** Holds the lecture until the promise settles. */
  until(done: Promise<unknown>): void {
    this.#open.add(done);
  }

  /** Resolves when nothing holds the lecture that has just ended. */
  async released(): Promise<void> {
    // The other listeners to the end come first.
    await Promise.resolve();
    await Promise.allSettled(this.#open);
  }
}
