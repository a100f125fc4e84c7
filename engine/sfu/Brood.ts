import type { MediaCloseReason, Unsubscribe } from '../lecture/ports.ts';

interface Closable {
  onClosed(listener: (reason: MediaCloseReason) => void): Unsubscribe;
  close(reason: MediaCloseReason): void;
}

/** The open children of one part of the media plane: those that close leave by themselves, `close` closes the rest. */
export class Brood<Child extends Closable> {
  readonly #children = new Set<Child>();

  get size(): number {
    return this.#children.size;
  }

  add(child: Child): Child {
    this.#children.add(child);
    child.onClosed(() => this.#children.delete(child));
    return child;
  }

  sum(measure: (child: Child) => number): number {
    let sum = 0;
    for (const child of this.#children) sum += measure(child);
    return sum;
  }

  close(reason: MediaCloseReason): void {
    for (const child of [...this.#children]) child.close(reason);
  }
}
