import { CodedError } from '../contract/index.ts';
import type { MediaCloseReason, Unsubscribe } from '../lecture/ports.ts';

interface Closable {
  onClosed(listener: (reason: MediaCloseReason) => void): Unsubscribe;
  close(reason: MediaCloseReason): void;
}

/**
 * The open children of one part of the media plane. A child that closes leaves the set; `close` closes the others, and any
 * child that is added later. Children are closed only this way, because mediasoup's own cascade has no reasons.
 */
export class ChildSet<Child extends Closable> {
  readonly #children = new Set<Child>();
  #closedFor: MediaCloseReason | undefined;

  get size(): number {
    return this.#children.size;
  }

  add(child: Child): Child {
    if (this.#closedFor !== undefined) {
      child.close(this.#closedFor);
      throw new CodedError('media.unavailable', 'The room or connection was closed meanwhile.');
    }
    this.#children.add(child);
    child.onClosed(() => this.#children.delete(child));
    return child;
  }

  [Symbol.iterator](): Iterator<Child> {
    return this.#children.values();
  }

  sum(measure: (child: Child) => number): number {
    let sum = 0;
    for (const child of this.#children) sum += measure(child);
    return sum;
  }

  close(reason: MediaCloseReason): void {
    this.#closedFor ??= reason;
    for (const child of [...this.#children]) child.close(reason);
  }
}
