import { LRUCache } from 'lru-cache';

/** Publishers and topics whose last number is kept: a hundred processes with a hundred topics each. */
const maxSequences = 10_000;

/** Finds gaps in the numbers that publishers give to their messages. */
export class SequenceCheck {
  readonly #last = new LRUCache<string, number>({ max: maxSequences });

  /** True when messages of this publisher on this topic are missing before this one. */
  isGapBefore({ from, topic, seq }: { from: string; topic: string; seq: number }): boolean {
    const key = `${from} ${topic}`;
    const last = this.#last.get(key);
    this.#last.set(key, seq);
    return last !== undefined && seq > last + 1;
  }

  /** Nothing is known about what was published while the connection was away. */
  clear(): void {
    this.#last.clear();
  }
}
