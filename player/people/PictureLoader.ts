import { signal } from '@preact/signals';
import type { ReadonlySignal, Signal } from '@preact/signals';
import { maxAskedPeople } from '#api/contract';
import type { Person } from '#api/contract';
import type { ImageId, UserId } from '#engine/contract';

/** People who appear together, such as the authors of a chat, are asked for together. */
const gatherMs = 50;
/** After a failure. A page without pictures shows initials. */
const retryMs = 30_000;

export interface PictureLoaderOptions {
  load: (userIds: UserId[], signal: AbortSignal) => Promise<readonly Pick<Person, 'userId' | 'avatarId'>[]>;
  setTimer?: (run: () => void, afterMs: number) => unknown;
}

/** The pictures of people who appear in one lecture, each loaded once. `close` stops what is under way. */
export class PictureLoader {
  private readonly pictures = new Map<UserId, Signal<ImageId | null>>();
  private readonly options: Required<PictureLoaderOptions>;
  private readonly closing = new AbortController();
  private wanted: UserId[] = [];

  constructor(options: PictureLoaderOptions) {
    this.options = { setTimer: (run, afterMs) => setTimeout(run, afterMs), ...options };
  }

  /** The picture of a person; null until it is loaded, and for a person without one. */
  of(userId: UserId): ReadonlySignal<ImageId | null> {
    const known = this.pictures.get(userId);
    if (known) return known;
    const picture = signal<ImageId | null>(null);
    this.pictures.set(userId, picture);
    this.want([userId], gatherMs);
    return picture;
  }

  close(): void {
    this.closing.abort();
  }

  private want(userIds: readonly UserId[], afterMs: number): void {
    if (this.wanted.length === 0) this.options.setTimer(() => void this.loadWanted(), afterMs);
    this.wanted.push(...userIds);
  }

  private async loadWanted(): Promise<void> {
    const asked = this.wanted;
    this.wanted = [];
    for (let from = 0; from < asked.length && !this.closing.signal.aborted; from += maxAskedPeople) {
      await this.loadSome(asked.slice(from, from + maxAskedPeople));
    }
  }

  private async loadSome(userIds: UserId[]): Promise<void> {
    try {
      for (const { userId, avatarId } of await this.options.load(userIds, this.closing.signal)) {
        const picture = this.pictures.get(userId);
        if (picture) picture.value = avatarId;
      }
    } catch {
      if (!this.closing.signal.aborted) this.want(userIds, retryMs);
    }
  }
}
