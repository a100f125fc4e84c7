import { CodedError } from '#engine/contract';
import { concat } from '#engine/media';
import { downloadParallelReads } from '../limits.ts';
import { fileTypeBox, mediaDataHead, movieBox } from './movieBox.ts';
import { orderedParallel } from './orderedParallel.ts';
import { readFragments } from './readFragments.ts';
import type { SampleRun } from './readFragments.ts';
import { readTrackHeader } from './TrackHeader.ts';
import type { TrackHeader } from './TrackHeader.ts';
import { TrackLayout } from './TrackLayout.ts';
import type { Chunk, ChunkSource, FilePart } from './TrackLayout.ts';

/** A segment, and which of the init segments of its track it needs. */
export interface SourceSegment extends FilePart {
  init: number;
  /** What is cut before it. */
  cutBeforeSeconds?: number;
  /** The part of it that is left, in seconds from its first sample; all of it when left out. */
  within?: { startSeconds: number; endSeconds: number };
}

/** One track as it is stored: init segments, and segments in the order of time. */
export interface SourceTrack {
  inits: readonly FilePart[];
  segments: readonly SourceSegment[];
}

/** Reads a part of a stored file. @throws CodedError `object.notFound`, `object.corrupt`, `store.unavailable` */
export type ReadFilePart = (part: FilePart) => Promise<Uint8Array>;

/** A progressive MP4 that exists only as its first bytes and as a list of where the rest is. */
export interface VirtualMovie {
  bytes: number;
  /** `ftyp`, `moov` and the head of `mdat`. */
  head: Uint8Array;
  /** In the order of the file; the first one follows the head. */
  pieces: readonly MoviePiece[];
}

export interface MoviePiece {
  /** In the file. */
  at: number;
  source: ChunkSource;
}

/**
 * Lays out the tracks as one progressive MP4: `moov` first, chunks interleaved by time, each chunk the media of one fragment. Reads
 * the headers of all segments, not their media.
 * @throws CodedError `video.mixedFormats`, `object.corrupt`, and what `read` throws
 */
export async function layOutMovie(sources: readonly SourceTrack[], read: ReadFilePart): Promise<VirtualMovie> {
  const headers = await Promise.all(sources.map((source) => readHeaders(source, read)));
  const starts = await Promise.all(sources.map((source, index) => firstSecond(source, headers[index] ?? [], read)));
  const originSeconds = Math.min(...starts);
  const layouts: TrackLayout[] = [];
  for (const [index, source] of sources.entries()) layouts.push(await layOutTrack(source, { headers: headers[index] ?? [], originSeconds, read }));
  return assemble(layouts);
}

async function readHeaders({ inits }: SourceTrack, read: ReadFilePart): Promise<TrackHeader[]> {
  const headers: TrackHeader[] = [];
  for (const init of inits) headers.push(parsed(readTrackHeader, await read(init)));
  const [first] = headers;
  if (headers.some(({ codec, timescale }) => codec !== first?.codec || timescale !== first.timescale)) {
    throw new CodedError('video.mixedFormats', 'The audio or video of this recording changes its codec in between, which one MP4 file cannot contain. Download it again when its other qualities are ready.');
  }
  return headers;
}

async function firstSecond(source: SourceTrack, headers: readonly TrackHeader[], read: ReadFilePart): Promise<number> {
  for (const segment of source.segments) {
    const [run] = await runsOf(segment, headers, read);
    const header = headers[segment.init];
    if (run && header) return (run.startTicks + header.pauseTicks) / header.timescale - (segment.cutBeforeSeconds ?? 0);
  }
  throw new CodedError('video.notReady', 'This video has nothing to download yet.');
}

async function layOutTrack(source: SourceTrack, { headers, originSeconds, read }: { headers: TrackHeader[]; originSeconds: number; read: ReadFilePart }): Promise<TrackLayout> {
  const layout = new TrackLayout(headers, originSeconds);
  const readRuns = async (segment: SourceSegment) => ({ segment, runs: await runsOf(segment, headers, read) });
  for await (const { segment, runs } of orderedParallel(source.segments, downloadParallelReads, readRuns)) {
    for (const run of runs) layout.add(run, { header: segment.init, file: segment.file, offset: segment.offset, cutBeforeSeconds: segment.cutBeforeSeconds ?? 0 });
  }
  return layout;
}

async function runsOf({ file, offset, bytes, init, within }: SourceSegment, headers: readonly TrackHeader[], read: ReadFilePart): Promise<SampleRun[]> {
  const header = headers[init];
  if (!header) throw new RangeError(`there is no init segment ${init}`);
  try {
    const runs = await readFragments((at, count) => read({ file, offset: offset + at, bytes: count }), bytes, header.defaults);
    return within ? trimRuns(runs, header.timescale, within) : runs;
  } catch (cause) {
    throw damage(cause);
  }
}

/** The samples whose middle is in that part. */
function trimRuns(runs: readonly SampleRun[], timescale: number, { startSeconds, endSeconds }: { startSeconds: number; endSeconds: number }): SampleRun[] {
  const zeroTicks = runs[0]?.startTicks ?? 0;
  return runs.flatMap((run) => {
    let [ticks, offset] = [run.startTicks, run.offset];
    const left: SampleRun = { startTicks: 0, offset: 0, bytes: 0, samples: [] };
    for (const sample of run.samples) {
      const middleSeconds = (ticks - zeroTicks + sample.durationTicks / 2) / timescale;
      if (middleSeconds >= startSeconds && middleSeconds < endSeconds) {
        if (left.samples.length === 0) Object.assign(left, { startTicks: ticks, offset });
        left.samples.push(sample);
        left.bytes += sample.bytes;
      }
      ticks += sample.durationTicks;
      offset += sample.bytes;
    }
    return left.samples.length > 0 ? [left] : [];
  });
}

function parsed<T>(parse: (bytes: Uint8Array) => T, bytes: Uint8Array): T {
  try {
    return parse(bytes);
  } catch (cause) {
    throw damage(cause);
  }
}

function damage(cause: unknown): unknown {
  return cause instanceof RangeError ? new CodedError('object.corrupt', 'A part of this video is damaged.', { cause }) : cause;
}

function assemble(layouts: readonly TrackLayout[]): VirtualMovie {
  const ordered = interleaved(layouts);
  const contentBytes = ordered.reduce((sum, { chunk }) => sum + chunk.source.bytes, 0);
  const emptyOffsets = layouts.map((layout) => ({ layout, chunkOffsets: new Array<number>(layout.chunks.length).fill(0) }));
  // With 64 bits for each offset, the head is at most this long.
  const isLarge = contentBytes + 2 * movieBox(emptyOffsets, true).length > 0xffffffff;
  const headBytes = fileTypeBox.length + movieBox(emptyOffsets, isLarge).length + mediaDataHead(contentBytes, isLarge).length;
  const offsets = layouts.map((): number[] => []);
  const pieces: MoviePiece[] = [];
  let at = headBytes;
  for (const { track, chunk } of ordered) {
    offsets[track]?.push(at);
    pieces.push({ at, source: chunk.source });
    at += chunk.source.bytes;
  }
  const moov = movieBox(layouts.map((layout, index) => ({ layout, chunkOffsets: offsets[index] ?? [] })), isLarge);
  return { bytes: at, head: concat([fileTypeBox, moov, mediaDataHead(contentBytes, isLarge)]), pieces };
}

/** The chunks of all tracks by time, so that a player reads the file from front to back. */
function interleaved(layouts: readonly TrackLayout[]): { track: number; chunk: Chunk }[] {
  const all = layouts.flatMap(({ chunks }, track) => chunks.map((chunk) => ({ track, chunk })));
  return all.sort((a, b) => a.chunk.startSeconds - b.chunk.startSeconds);
}
