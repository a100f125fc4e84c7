import { LRUCache } from 'lru-cache';
import { CodedError } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import { maxCachedPermissions, permissionLifetimeMs } from '../limits.ts';
import type { MediaGate, MediaViewer } from './RecordingLibrary.ts';

interface CachedAnswer {
  viewer: MediaViewer;
  answer: Promise<boolean>;
  untilMs: number;
}

/**
 * Caches the gate's answer for each viewer for some seconds. Owns the cache; `forget` drops entries, so that a removal takes
 * effect with the next request.
 */
export class WatchPermissions {
  readonly #gate: MediaGate;
  readonly #clock: Clock;
  readonly #answers = new LRUCache<string, CachedAnswer>({ max: maxCachedPermissions });

  constructor(gate: MediaGate, clock: Clock) {
    this.#gate = gate;
    this.#clock = clock;
  }

  /** @throws CodedError `access.denied` */
  async require(viewer: MediaViewer): Promise<void> {
    if (!(await this.#mayWatch(viewer))) throw new CodedError('access.denied', 'You cannot watch this lecture. Ask the instructor of the course for access.');
  }

  forget(userId: string, lectureId: string): void {
    this.#forgetWhere((viewer) => viewer.userId === userId && viewer.lectureId === lectureId);
  }

  forgetUser(userId: string): void {
    this.#forgetWhere((viewer) => viewer.userId === userId);
  }

  forgetAll(): void {
    this.#answers.clear();
  }

  forgetLogin(loginId: string): void {
    this.#forgetWhere((viewer) => viewer.loginId === loginId);
  }

  #forgetWhere(isMeant: (viewer: MediaViewer) => boolean): void {
    for (const [key, { viewer }] of this.#answers) if (isMeant(viewer)) this.#answers.delete(key);
  }

  #mayWatch(viewer: MediaViewer): Promise<boolean> {
    const key = keyOf(viewer);
    const nowMs = this.#clock.nowMs();
    const known = this.#answers.get(key);
    if (known && known.untilMs > nowMs) return known.answer;
    const entry = { viewer, answer: this.#gate.mayWatch(viewer), untilMs: nowMs + permissionLifetimeMs };
    this.#answers.set(key, entry);
    return this.#cached(key, entry);
  }

  /** A failed answer is not cached. */
  async #cached(key: string, entry: CachedAnswer): Promise<boolean> {
    try {
      return await entry.answer;
    } catch (err) {
      if (this.#answers.get(key) === entry) this.#answers.delete(key);
      throw err;
    }
  }
}

function keyOf({ userId, loginId, lectureId }: MediaViewer): string {
  return `${userId} ${loginId} ${lectureId}`;
}
