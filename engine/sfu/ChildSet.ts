import { CodedError } from '../contract/index.ts';
import type { MediaCloseReason, Unsubscribe } from '../lecture/ports.ts';

interface Closable {
  onClosed(listener: (reason: MediaCloseReason) => void): Unsubscribe;
  close(reason: MediaCloseReason): void;
}

/**
 * The open children of one part of the media plane: those that close leave by themselves, `close` closes the rest, and
 * also one that was being made meanwhile. It is the only way a child hears that its parent closed, because mediasoup's
 * own cascade knows no reasons.
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
      throw new CodedError('media.unavailable', 'What this belongs to was closed meanwhile.');
    }
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
    this.#closedFor ??= reason;
    for (const child of [...this.#children]) child.close(reason);
  }
}
