import { VideoId } from '#engine/contract';
import type { CourseId } from '#engine/contract';
import type { Clock } from '#engine/kernel';
import type { WatchedStore } from '../progress/index.ts';
import { coWatchedLifetimeMs, maxCountedVideos, maxWatchedRows, maxWatchers, minCommonWatchers, minWatchedSeconds } from './limits.ts';

/** What the people who watched a video have watched besides: the share of them, by the id of the other video. */
export type CoWatchedShares = ReadonlyMap<VideoId, number>;

export interface CoWatchedOptions {
  watched: Pick<WatchedStore, 'ofVideo' | 'ofCourse'>;
  clock: Clock;
}

/** Counts what people of a course watched together. The counts tell nothing about one person, and are kept for some minutes. */
export class CoWatched {
  readonly #options: CoWatchedOptions;
  /** The oldest first. */
  readonly #kept = new Map<VideoId, { shares: Promise<CoWatchedShares>; untilMs: number }>();

  constructor(options: CoWatchedOptions) {
    this.#options = options;
  }

  /** Only videos of the same course. */
  async with({ id, courseId }: { id: VideoId; courseId: CourseId }): Promise<CoWatchedShares> {
    const nowMs = this.#options.clock.nowMs();
    const kept = this.#kept.get(id);
    if (kept && nowMs < kept.untilMs) return kept.shares;
    const shares = this.#count(id, courseId);
    this.#kept.delete(id);
    this.#kept.set(id, { shares, untilMs: nowMs + coWatchedLifetimeMs });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= maxCountedVideos) break;
      this.#kept.delete(oldest);
    }
    // What could not be counted is counted by the next request.
    shares.catch(() => this.#kept.delete(id));
    return shares;
  }

  async #count(videoId: VideoId, courseId: CourseId): Promise<CoWatchedShares> {
    const { watched } = this.#options;
    const watchers = (await watched.ofVideo(videoId, maxWatchers)).filter((row) => row.courseId === courseId && secondsOf(row.ranges) >= minWatchedSeconds);
    if (watchers.length < minCommonWatchers) return new Map();
    const rows = await watched.ofCourse(courseId, watchers.map(({ userId }) => userId), maxWatchedRows);
    const counts = new Map<string, number>();
    for (const row of rows) {
      if (row.videoId !== videoId && secondsOf(row.ranges) >= minWatchedSeconds) counts.set(row.videoId, (counts.get(row.videoId) ?? 0) + 1);
    }
    return new Map([...counts].filter(([, count]) => count >= minCommonWatchers).map(([id, count]) => [VideoId.parse(id), count / watchers.length]));
  }
}

function secondsOf(ranges: readonly (readonly [number, number])[]): number {
  return ranges.reduce((sum, [start, end]) => sum + end - start, 0);
}
