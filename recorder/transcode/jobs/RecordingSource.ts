import { createReadStream, createWriteStream } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { RenditionGroup } from '../../contract/index.ts';
import type { RecordingLibrary } from '../../delivery/RecordingLibrary.ts';
import { initKey, recordingPrefix } from '../../journal/keys.ts';
import type { RecordingTrack, SegmentRow } from '../../journal/rows.ts';
import type { ObjectStore } from '../../storage/index.ts';
import type { VideoPiece } from '../encode/partArgs.ts';
import type { AudioPiece } from '../encode/pcm.ts';
import { readInit } from '../encode/fragments.ts';
import type { InitSegment } from '../encode/fragments.ts';
import { audioSampleRateHz } from '../limits.ts';
import { openingOptions } from '../probe/toolOptions.ts';
import type { FrameRange, OpenedSource } from './OpenedSource.ts';
import { piecesOf, runsOf } from './recordingRuns.ts';
import type { SegmentRun } from './recordingRuns.ts';

/** What transcoding reads of recordings. */
export interface RecordingMedia extends Pick<RecordingLibrary, 'locate'> {
  segments(recordingId: string): Promise<readonly SegmentRow[]>;
}

export interface RecordingSourceOptions {
  recordingId: string;
  recordings: RecordingMedia;
  store: ObjectStore;
  /** Of the job: the segments that are needed are put there. */
  folder: string;
  durationSeconds: number;
  signal: AbortSignal;
}

const trackOfGroup = { main: 'main-video', screen: 'screen-video' } as const satisfies Record<RenditionGroup, RecordingTrack>;
const demuxer = 'mov';

/** The segments of a recording, whose timeline is the clock of its lecture. */
export class RecordingSource implements OpenedSource {
  readonly #options: RecordingSourceOptions;
  #files = 0;

  constructor(options: RecordingSourceOptions) {
    this.#options = options;
  }

  async videoPieces(group: RenditionGroup, { firstFrame, frameCount, rate }: FrameRange): Promise<VideoPiece[]> {
    const runs = await this.#runs(trackOfGroup[group]);
    const pieces: VideoPiece[] = [];
    for (const { first, count, segments } of piecesOf(runs, { first: firstFrame, count: frameCount, rate })) {
      const joined = segments && (await this.#join(segments));
      const look = { isInterlaced: false, transfer: 'sdr', matrix: undefined, heightPx: joined?.init.heightPx ?? 0 } as const;
      pieces.push({ firstFrame: first, frameCount: count, input: joined && { file: joined.file, opening: openingOptions({ demuxer }), seekSeconds: undefined, originSeconds: 0, trackIndex: 0, look, isLetterboxed: true } });
    }
    return pieces;
  }

  /** The files of the whole track, each fetched when it is needed. */
  async audioPieces(): Promise<AudioPiece[]> {
    const sampleCount = Math.round(this.#options.durationSeconds * audioSampleRateHz);
    const runs = await this.#runs('main-audio');
    const pieces: AudioPiece[] = [];
    for (const { first, count, segments } of piecesOf(runs, { first: 0, count: sampleCount, rate: { num: audioSampleRateHz, den: 1 } })) {
      const joined = segments && (await this.#join(segments));
      pieces.push({ firstSample: first, sampleCount: count, input: joined && { file: joined.file, opening: openingOptions({ demuxer }), originSeconds: 0, trackIndex: 0 } });
    }
    return pieces;
  }

  /** The init segments of a group's video that belong to segments. */
  async inits(group: RenditionGroup): Promise<InitSegment[]> {
    const track = trackOfGroup[group];
    const segments = (await this.#options.recordings.segments(this.#options.recordingId)).filter((one) => one.track === track && one.state !== 'lost');
    const real = segments.filter(({ isFiller }) => !isFiller);
    const epochs = new Set((real.length > 0 ? real : segments).map(({ epoch }) => epoch));
    return Promise.all([...epochs].map(async (epoch) => readInit(await buffer(await this.#open(initKey({ recordingId: this.#options.recordingId, track }, epoch))))));
  }

  close(): void {
    // The folder is removed with the job.
  }

  async #runs(track: RecordingTrack): Promise<SegmentRun<SegmentRow>[]> {
    const { recordings, recordingId } = this.#options;
    return runsOf((await recordings.segments(recordingId)).filter((segment) => segment.track === track));
  }

  /** Writes an init segment and its segments into one file, which is a fragmented MP4. */
  async #join(segments: readonly SegmentRow[]): Promise<{ file: string; init: InitSegment }> {
    const { folder, recordingId, signal } = this.#options;
    const first = segments[0];
    if (!first) throw new Error('a run has segments');
    const file = `piece-${this.#files++}.mp4`;
    const init = await buffer(await this.#open(initKey({ recordingId, track: first.track }, first.epoch)));
    const parts = async function* (this: RecordingSource) {
      yield init;
      for (const { key } of segments) yield* (await this.#open(key)) as AsyncIterable<Buffer>;
    };
    await pipeline(parts.call(this), createWriteStream(path.join(folder, file)), { signal });
    return { file, init: readInit(init) };
  }

  async #open(key: string): Promise<Readable> {
    const { recordings, recordingId, store } = this.#options;
    const location = await recordings.locate(recordingId, key.slice(recordingPrefix(recordingId).length));
    // Another node has it on its disk, and will store it.
    if (!location) throw new Error(`${key} is not available on this node yet`);
    if (location.kind === 'file') return createReadStream(location.file);
    return (await store.get(location.key, { sha256: location.sha256 })).body;
  }
}
