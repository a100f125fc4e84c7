import type { Logger } from './Logger.ts';

/** Facts, told to whoever listens. A listener that throws is logged and does not keep the others from hearing. */
export class Emitter<Fact> {
  readonly #listeners = new Set<(fact: Fact) => void>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  on(listener: (fact: Fact) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(fact: Fact): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(fact);
      } catch (err) {
        this.#logger.error({ err }, 'listener.failed');
      }
    }
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }
}
