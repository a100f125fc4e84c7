import type { MediaCloseReason, Unsubscribe } from '../lecture/ports.ts';
import type { Logger } from '../kernel/Logger.ts';

/** Lets a part of the media plane close once, for one reason. A listener that is added after that is called at once. */
export class CloseOnce {
  #reason: MediaCloseReason | undefined;
  readonly #listeners = new Set<(reason: MediaCloseReason) => void>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  get isClosed(): boolean {
    return this.#reason !== undefined;
  }

  onClosed(listener: (reason: MediaCloseReason) => void): Unsubscribe {
    if (this.#reason !== undefined) {
      this.#notify(listener, this.#reason);
      return () => undefined;
    }
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** True for the first call. `release` runs before the listeners, so that children close before their parent. */
  close(reason: MediaCloseReason, release: () => void): boolean {
    if (this.#reason !== undefined) return false;
    this.#reason = reason;
    release();
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) this.#notify(listener, reason);
    return true;
  }

  #notify(listener: (reason: MediaCloseReason) => void, reason: MediaCloseReason): void {
    try {
      listener(reason);
    } catch (err) {
      this.#logger.error({ err }, 'listener.failed');
    }
  }
}
