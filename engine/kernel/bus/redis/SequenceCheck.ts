import { LRUCache } from 'lru-cache';

/** Pairs of publisher and topic whose last number is kept: a hundred processes with a hundred topics each. */
const maxSequences = 10_000;

/** Finds gaps in the sequence numbers of messages. */
export class SequenceCheck {
  readonly #last = new LRUCache<string, number>({ max: maxSequences });

  /** Whether an earlier message of this publisher on this topic is missing. */
  isGapBefore({ from, topic, seq }: { from: string; topic: string; seq: number }): boolean {
    const key = `${from} ${topic}`;
    const last = this.#last.get(key);
    this.#last.set(key, seq);
    return last !== undefined && seq > last + 1;
  }

  /** Forgets all numbers after a disconnection, because messages may have been published during it. */
  clear(): void {
    this.#last.clear();
  }
}
