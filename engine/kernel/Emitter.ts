import type { Logger } from './Logger.ts';

/** Delivers events to listeners. A listener that throws is logged; the other listeners are still called. */
export class Emitter<Event> {
  readonly #listeners = new Set<(event: Event) => void>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Adds a listener. The returned function removes it. */
  on(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls every listener synchronously, in the order in which they were added. */
  emit(event: Event): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (err) {
        this.#logger.error({ err }, 'listener.failed');
      }
    }
  }
}
