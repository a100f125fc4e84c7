import { LRUCache } from 'lru-cache';
import { CodedError } from '#engine/contract';
import type { VideoId } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import { maxCachedPermissions, permissionLifetimeMs } from '../limits.ts';
import type { MediaGate, MediaViewer } from './RecordingLibrary.ts';

interface Watching {
  viewer: MediaViewer;
  videoId: VideoId;
}

interface CachedAnswer extends Watching {
  answer: Promise<boolean>;
  untilMs: number;
}

/**
 * Caches the gate's answer for each viewer and video for some seconds. Owns the cache; `forget` drops entries, so that a removal takes
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
  async require(viewer: MediaViewer, videoId: VideoId): Promise<void> {
    if (!(await this.#mayWatch({ viewer, videoId }))) throw new CodedError('access.denied', 'You cannot watch this video. Ask the instructor of the course for access.');
  }

  forgetUser(userId: string): void {
    this.#forgetWhere(({ viewer }) => 'userId' in viewer && viewer.userId === userId);
  }

  forgetLogin(loginId: string): void {
    this.#forgetWhere(({ viewer }) => 'loginId' in viewer && viewer.loginId === loginId);
  }

  forgetLink(linkId: string): void {
    this.#forgetWhere(({ viewer }) => 'linkId' in viewer && viewer.linkId === linkId);
  }

  forgetVideo(videoId: string): void {
    this.#forgetWhere((watching) => watching.videoId === videoId);
  }

  forgetAll(): void {
    this.#answers.clear();
  }

  #forgetWhere(isMeant: (watching: Watching) => boolean): void {
    for (const [key, answer] of this.#answers) if (isMeant(answer)) this.#answers.delete(key);
  }

  #mayWatch(watching: Watching): Promise<boolean> {
    const key = keyOf(watching);
    const nowMs = this.#clock.nowMs();
    const known = this.#answers.get(key);
    if (known && known.untilMs > nowMs) return known.answer;
    const entry = { ...watching, answer: this.#gate.mayWatch(watching.viewer, watching.videoId), untilMs: nowMs + permissionLifetimeMs };
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

function keyOf({ viewer, videoId }: Watching): string {
  return `${'linkId' in viewer ? viewer.linkId : `${viewer.userId} ${viewer.loginId}`} ${videoId}`;
}
