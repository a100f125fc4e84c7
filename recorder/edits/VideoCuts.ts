// Responsible for cutting videos, and for undoing that.
import { CodedError } from '#engine/contract';
import type { UserId, VideoId } from '#engine/contract';
import { newId, toInstant } from '#engine/kernel';
import type { Bus, Clock, Collection, Database } from '#engine/kernel';
import { editedDurationMs, keptSpans } from '../contract/index.ts';
import type { RenditionGroup, Span } from '../contract/index.ts';
import { requireFiles } from '../clips/ClipStore.ts';
import { videoAccessChanged } from '../delivery/forgetRevoked.ts';
import { videoCollection, withDefaults } from '../library/index.ts';
import type { Cut, StoredVideoRow, VideoRow } from '../library/index.ts';
import { cutPointsOf, keptOfPlaylist } from './cutPlaylist.ts';
import { editOf } from './Edits.ts';
import { cutUndoMs, maxCuts } from './limits.ts';
import { widenToCutPoints } from './widenToCutPoints.ts';
import type { UncutPlaylists } from './UncutPlaylists.ts';

export interface VideoCutsOptions {
  database: Database;
  playlists: Pick<UncutPlaylists, 'of'>;
  bus: Bus;
  /** A part is cut that may be in the poster. */
  onCut?: (video: VideoRow) => Promise<unknown>;
  clock: Clock;
}

/** How often a change is tried while others change the same video. */
const attempts = 5;

export class VideoCuts {
  readonly #options: VideoCutsOptions;
  readonly #rows: Collection<StoredVideoRow>;

  constructor(options: VideoCutsOptions) {
    this.#options = options;
    this.#rows = options.database.collection(videoCollection);
  }

  /** Until when a cut can be undone; null when its bytes are gone. */
  undoUntil({ cutAt, purgedAt }: Cut): string | null {
    return purgedAt === null ? toInstant(Date.parse(cutAt) + cutUndoMs) : null;
  }

  /** Where a cut can begin and end, in source time. @throws CodedError `video.notReady` while there is nothing to play */
  async points(video: VideoRow): Promise<number[]> {
    const playlist = await this.#options.playlists.of(video, 'main');
    if (playlist === undefined) throw new CodedError('video.notReady', 'This video is being prepared. Try again in a few minutes.');
    return cutPointsOf(playlist);
  }

  /** What is left of the tracks of a group, which have their segments at other times; undefined while nothing is cut. */
  async keptOf(video: VideoRow, group: RenditionGroup): Promise<Span[] | undefined> {
    const edit = editOf(video);
    const playlist = edit && (await this.#options.playlists.of(video, group));
    return playlist === undefined ? undefined : keptOfPlaylist(playlist, edit as NonNullable<typeof edit>);
  }

  /**
   * Makes these the cuts of the video: those that it has and that are not among them are undone, except those whose bytes are gone. A new
   * one is widened to the segments that it touches.
   * @throws CodedError `video.notFound`, `video.live`, `video.notReady`, `cut.outside`, `cut.overlaps`, `cut.everything`, `limit.reached`
   */
  async set(videoId: VideoId, wanted: readonly Span[], cutBy: UserId): Promise<VideoRow> {
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const row = await this.#require(videoId);
      const cuts = this.#changed(row, await this.points(row), { wanted, cutBy });
      const changed = await this.#replace(row, cuts);
      if (!changed) continue;
      this.#options.bus.publish(videoAccessChanged, { videoId, linkId: null });
      const isMoreCut = cuts.some(({ id }) => !row.cuts.some((cut) => cut.id === id));
      if (isMoreCut) await this.#options.onCut?.(changed);
      return changed;
    }
    throw new CodedError('version.changed', 'Somebody else is changing this video. Load it again to see what has changed.');
  }

  async #require(videoId: VideoId): Promise<VideoRow> {
    const row = await this.#rows.findOne({ _id: videoId, deletedAt: null });
    if (row) requireFiles(withDefaults(row));
    if (!row) throw new CodedError('video.notFound', 'This video was deleted. Restore it first.', { details: { videoId } });
    if (row.state === 'live') throw new CodedError('video.live', 'The lecture is still live. Cut its recording when it has ended.');
    return withDefaults(row);
  }

  #changed(row: VideoRow, points: readonly number[], { wanted, cutBy }: { wanted: readonly Span[]; cutBy: UserId }): Cut[] {
    const purged = row.cuts.filter(({ purgedAt }) => purgedAt !== null);
    const cuts = wanted.flatMap((span): Cut[] => {
      const known = row.cuts.find((cut) => isSame(cut, span));
      if (known) return known.purgedAt === null ? [known] : [];
      const widened = widenToCutPoints(points, span);
      if (!widened) throw new CodedError('cut.outside', 'This range is outside of the video.');
      return [{ id: newId('cut'), ...widened, cutAt: toInstant(this.#options.clock.nowMs()), cutBy, purgedAt: null }];
    });
    const all = [...purged, ...cuts].toSorted((a, b) => a.startMs - b.startMs);
    if (all.some((cut, index) => cut.startMs < (all[index - 1]?.endMs ?? 0) - 1)) throw new CodedError('cut.overlaps', 'Cuts cannot overlap, and a cut takes whole segments of some seconds. Choose a range beside it, or undo the other cut.');
    if (all.length > maxCuts) throw new CodedError('limit.reached', `A video has at most ${maxCuts} cuts. Join some of them.`);
    if (all.length > 0 && editedDurationMs(keptSpans(points.at(-1) ?? 0, all)) <= 0) throw new CodedError('cut.everything', 'Nothing would be left of the video. Delete the video instead.');
    return all;
  }

  /** Undefined if the video was changed meanwhile. */
  async #replace({ _id, revision, generation }: VideoRow, cuts: Cut[]): Promise<VideoRow | undefined> {
    const unchanged = { _id, deletedAt: null, $and: [revision === 1 ? { $or: [{ _id, revision }, { _id, revision: null }] } : { revision }, generation === 0 ? { $or: [{ _id, generation }, { _id, generation: null }] } : { generation }] };
    const row = await this.#rows.findOneAndUpdate(unchanged, { $set: { cuts, updatedAt: toInstant(this.#options.clock.nowMs()), revision: revision + 1 } }, { returnDocument: 'after' });
    return row ? withDefaults(row) : undefined;
  }
}

function isSame(a: Span, b: Span): boolean {
  return Math.abs(a.startMs - b.startMs) <= 1 && Math.abs(a.endMs - b.endMs) <= 1;
}
