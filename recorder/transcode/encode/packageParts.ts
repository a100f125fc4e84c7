import { createWriteStream } from 'node:fs';
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { ManifestSegment } from '../../renditions/index.ts';
import { placeFragment, readFragments } from './fragments.ts';
import type { Fragment, InitSegment } from './fragments.ts';

export interface PackageOptions {
  /** Where parts are written, with their number at the end: the segments one after the other. They are removed after `onPart`. */
  file: string;
  /** Ticks at which the media begins on the timeline, of the timescale of the track. */
  startTicks: (init: InitSegment) => number;
  /** A segment ends when it is this long, in seconds. */
  segmentSeconds: number;
  isVideo: boolean;
  /** Called with each part when it is complete; then the next one is written. Without it, everything is one part. */
  segmentsPerPart?: number;
  onPart: (part: PackagedPart) => Promise<void>;
}

/** A complete file with its segments. `part` of the segments is its index. */
export interface PackagedPart {
  index: number;
  file: string;
  bytes: number;
  sha256: string;
  segments: ManifestSegment[];
  init: InitSegment;
  sampleCount: number;
}

export interface Packaged {
  init: InitSegment | undefined;
  sampleCount: number;
  durationMs: number;
}

/** Rounding of frame durations must not make a segment of five seconds out of one of six. */
const earlySeconds = 0.05;

/** Cuts what ffmpeg writes into segments and parts, on the timeline of the video. Keeps one segment in memory. */
export async function packageParts(stream: Readable | AsyncIterable<Buffer>, options: PackageOptions): Promise<Packaged> {
  let packager: Packager | undefined;
  for await (const box of readFragments(stream)) {
    if ('init' in box) packager ??= new Packager(box.init, options);
    else await packager?.add(box.fragment);
  }
  await packager?.finish();
  return { init: packager?.init, sampleCount: packager?.sampleCount ?? 0, durationMs: packager?.durationMs ?? 0 };
}

class Packager {
  readonly init: InitSegment;
  sampleCount = 0;
  readonly #options: PackageOptions;
  readonly #startTicks: number;
  #durationTicks = 0;
  #fragmentCount = 0;
  #pending: Fragment[] = [];
  #part: OpenPart | undefined;
  #partIndex = 0;

  constructor(init: InitSegment, options: PackageOptions) {
    this.init = init;
    this.#options = options;
    this.#startTicks = Math.round(options.startTicks(init));
  }

  get durationMs(): number {
    return (this.#durationTicks * 1000) / this.init.timescale;
  }

  async add(fragment: Fragment): Promise<void> {
    const decodeTimeTicks = this.#startTicks + this.#durationTicks;
    this.#fragmentCount += 1;
    placeFragment(fragment, { decodeTimeTicks, sequence: this.#fragmentCount });
    this.#durationTicks += fragment.durationTicks;
    this.sampleCount += fragment.sampleCount;
    this.#pending.push(fragment);
    if (this.#pendingTicks() >= (this.#options.segmentSeconds - earlySeconds) * this.init.timescale) await this.#endSegment();
  }

  async finish(): Promise<void> {
    await this.#endSegment();
    await this.#endPart();
  }

  #pendingTicks(): number {
    return this.#pending.reduce((sum, { durationTicks }) => sum + durationTicks, 0);
  }

  async #endSegment(): Promise<void> {
    const first = this.#pending[0];
    if (!first) return;
    this.#part ??= new OpenPart(`${this.#options.file}.${this.#partIndex}`);
    const bytes = this.#pending.reduce((sum, fragment) => sum + fragment.bytes.length, 0);
    // A duration of 0 is no entry of a playlist.
    const durationMs = Math.max(1, (this.#pendingTicks() * 1000) / this.init.timescale);
    this.#part.segments.push({ part: this.#partIndex, offset: this.#part.bytes, bytes, durationMs, ...(this.#options.isVideo && { keyframeBytes: first.firstSampleBytes }) });
    for (const fragment of this.#pending) {
      this.#part.sampleCount += fragment.sampleCount;
      await this.#part.write(fragment.bytes);
    }
    this.#pending = [];
    if (this.#part.segments.length === this.#options.segmentsPerPart) await this.#endPart();
  }

  async #endPart(): Promise<void> {
    if (!this.#part) return;
    const part = this.#part;
    this.#part = undefined;
    const sha256 = await part.close();
    await this.#options.onPart({ index: this.#partIndex, file: part.file, bytes: part.bytes, sha256, segments: part.segments, init: this.init, sampleCount: part.sampleCount });
    await rm(part.file, { force: true });
    this.#partIndex += 1;
  }
}

class OpenPart {
  readonly segments: ManifestSegment[] = [];
  bytes = 0;
  sampleCount = 0;
  readonly #hash = createHash('sha256');
  readonly file: string;
  readonly #stream;

  constructor(file: string) {
    this.file = file;
    this.#stream = createWriteStream(file);
    // Reported by `write` and `close`.
    this.#stream.on('error', () => undefined);
  }

  async write(bytes: Buffer): Promise<void> {
    this.#hash.update(bytes);
    this.bytes += bytes.length;
    await new Promise<void>((resolve, reject) => this.#stream.write(bytes, (err) => (err ? reject(err) : resolve())));
  }

  async close(): Promise<string> {
    this.#stream.end();
    await finished(this.#stream);
    return this.#hash.digest('hex');
  }
}
