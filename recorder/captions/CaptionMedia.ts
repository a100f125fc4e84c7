// Responsible for the captions of videos as players load them: tracks, playlists, segments, and all cues as JSON. Owns the rows of videos and
// the captions that it remembers.
import { LRUCache } from 'lru-cache';
import type { Clock } from '#engine/kernel';
import type { CaptionLibrary, TextFile } from '../delivery/RecordingLibrary.ts';
import { shiftAt, subtitlePlaylist, timestampMap } from '../hls/subtitlePlaylist.ts';
import type { CaptionTrack, VideoRow } from '../library/VideoRow.ts';
import type { VideoStore } from '../library/VideoStore.ts';
import { knownVideoMs, maxKnownVideos, maxRememberedCues, maxShiftDifferenceMs } from '../limits.ts';
import type { Cue, Span } from '../contract/index.ts';
import type { CaptionRow, CaptionStore } from './CaptionStore.ts';
import { editedCues, keptOfVideo } from './editedCues.ts';
import { captionTypes, timestamp, writeVtt } from './writeCaptions.ts';

export interface CaptionMediaOptions {
  videos: Pick<VideoStore, 'find'>;
  captions: Pick<CaptionStore, 'find'>;
  clock: Clock;
}

interface KnownVideo {
  row: Promise<VideoRow | undefined>;
  untilMs: number;
}

/** Captions as viewers see them. */
interface Viewed {
  row: CaptionRow;
  kept: readonly Span[];
  cues: readonly Cue[];
}

export class CaptionMedia implements CaptionLibrary {
  readonly #options: CaptionMediaOptions;
  readonly #videos = new LRUCache<string, KnownVideo>({ max: maxKnownVideos });
  /** By track, its revision and the cuts of its video. */
  readonly #viewed = new LRUCache<string, Viewed>({ maxSize: maxRememberedCues, sizeCalculation: ({ row }) => row.cues.length + 1 });

  constructor(options: CaptionMediaOptions) {
    this.#options = options;
  }

  async tracks(videoId: string): Promise<readonly CaptionTrack[]> {
    const video = await this.#video(videoId);
    return video ? shownTracks(video) : [];
  }

  async playlist(videoId: string, captionId: string, mediaPlaylist: string): Promise<string | undefined> {
    const viewed = await this.#of(videoId, captionId);
    return viewed && subtitlePlaylist(mediaPlaylist, viewed.kept);
  }

  async file(videoId: string, captionId: string, name: string): Promise<TextFile | undefined> {
    const viewed = await this.#of(videoId, captionId);
    if (!viewed) return undefined;
    if (name === 'cues.json') return { text: JSON.stringify({ language: viewed.row.language, label: viewed.row.label, cues: viewed.cues }), contentType: 'application/json' };
    const [, fromMs = NaN, toMs = NaN, shiftMs = NaN] = (/^(\d{1,10})-(\d{1,10})-(\d{1,10})\.vtt$/.exec(name) ?? []).map(Number);
    const segment = { fromMs, toMs, shiftMs };
    // A playlist from before the last cut has other segments.
    if (!(fromMs < toMs) || Math.abs(shiftAt(viewed.kept, segment) - shiftMs) > maxShiftDifferenceMs) return undefined;
    const cues = viewed.cues.filter(({ startMs, endMs }) => startMs < toMs && endMs > fromMs);
    // ffmpeg reads the segments as one text: an empty line has to follow the last cue.
    return { text: `${writeVtt(cues, [timestampMap(segment, timestamp(fromMs, '.'))])}\n`, contentType: captionTypes.vtt };
  }

  async #of(videoId: string, captionId: string): Promise<Viewed | undefined> {
    const video = await this.#video(videoId);
    const track = video && shownTracks(video).find(({ id }) => id === captionId);
    if (!track) return undefined;
    const key = `${captionId} ${track.revision} ${video.durationSeconds} ${[...video.cuts, ...(video.clipOf ? [video.clipOf] : [])].map(({ startMs, endMs }) => `${startMs}-${endMs}`).join()}`;
    const known = this.#viewed.get(key);
    if (known) return known;
    const row = await this.#options.captions.find(video.clipOf?.videoId ?? videoId, captionId);
    if (!row) return undefined;
    const kept = keptOfVideo(video);
    const viewed = { row, kept, cues: editedCues(row.cues, kept) };
    // What was read may be newer than what the video says.
    if (row.revision === track.revision) this.#viewed.set(key, viewed);
    return viewed;
  }

  forget(videoId: string): void {
    this.#videos.delete(videoId);
  }

  forgetAll(): void {
    this.#videos.clear();
  }

  async #video(videoId: string): Promise<VideoRow | undefined> {
    const { clock, videos } = this.#options;
    const nowMs = clock.nowMs();
    const known = this.#videos.get(videoId);
    if (known && known.untilMs > nowMs) return known.row;
    const entry = { row: videos.find(videoId), untilMs: nowMs + knownVideoMs };
    this.#videos.set(videoId, entry);
    try {
      return await entry.row;
    } catch (err) {
      // A failure is not remembered.
      if (this.#videos.get(videoId) === entry) this.#videos.delete(videoId);
      throw err;
    }
  }
}

/** What viewers may choose: nothing while a lecture is live, and no captions that are still to be written. */
function shownTracks({ state, captions }: VideoRow): CaptionTrack[] {
  return state === 'live' ? [] : captions.filter(({ cueCount }) => cueCount > 0);
}
