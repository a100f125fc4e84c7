// Responsible for one track of a download: its samples and the chunks that hold their data. Gaps between segments become silence,
// or a longer frame of video. Owns the sample tables.
import type { SampleRun } from './readFragments.ts';
import { SampleTables } from './SampleTables.ts';
import type { TrackHeader } from './TrackHeader.ts';

/** A part of a stored file. */
export interface FilePart {
  /** As the source names it. */
  file: string;
  offset: number;
  bytes: number;
}

/** Where the bytes of a chunk come from: a part of a file, or one frame repeated. */
export type ChunkSource = FilePart | { frame: Uint8Array; bytes: number };

export interface Chunk {
  startSeconds: number;
  sampleCount: number;
  /** Counts from 1: the sample entry of its samples. */
  entry: number;
  source: ChunkSource;
}

export class TrackLayout {
  readonly headers: readonly TrackHeader[];
  readonly tables = new SampleTables();
  readonly chunks: Chunk[] = [];
  /** The distinct sample entries, in the order of their first use. */
  readonly entries: Uint8Array[] = [];
  readonly #entryOf = new Map<number, number>();
  readonly #originTicks: number;

  /** `originSeconds`: the time of the lecture at which the download begins. */
  constructor(headers: readonly TrackHeader[], originSeconds: number) {
    this.headers = headers;
    this.#originTicks = Math.round(originSeconds * this.timescale);
  }

  get timescale(): number {
    return this.headers[0]?.timescale ?? 1;
  }

  /** The media time at which the presentation begins: the largest of all formats, to which the others are moved. */
  get mediaTimeTicks(): number {
    return Math.max(...this.headers.map(({ mediaTimeTicks }) => mediaTimeTicks));
  }

  /** Adds the samples of a run in the file of a segment. `header`: the index of its init segment. */
  add(run: SampleRun, of: { header: number; file: string; offset: number; cutBeforeSeconds?: number }): void {
    const header = this.headers[of.header];
    if (!header) throw new RangeError(`there is no init segment ${of.header}`);
    const cutTicks = Math.round((of.cutBeforeSeconds ?? 0) * this.timescale);
    const leadTicks = this.#alignTo(run.startTicks + header.pauseTicks - this.#originTicks - cutTicks, header, of.header);
    this.chunks.push({
      startSeconds: this.tables.endTicks / this.timescale,
      sampleCount: run.samples.length,
      entry: this.#entry(of.header),
      source: { file: of.file, offset: of.offset + run.offset, bytes: run.bytes },
    });
    const shiftTicks = this.mediaTimeTicks - header.mediaTimeTicks;
    for (const [index, sample] of run.samples.entries()) {
      this.tables.add({ ...sample, durationTicks: sample.durationTicks + (index === 0 ? leadTicks : 0), compositionOffsetTicks: sample.compositionOffsetTicks + shiftTicks });
    }
  }

  /** Fills the time up to the next sample. Returns by how much that sample has to be longer, because it is shown from the start on. */
  #alignTo(startTicks: number, header: TrackHeader, headerIndex: number): number {
    const gapTicks = startTicks - this.tables.endTicks;
    if (header.silence && gapTicks >= header.silence.durationTicks) this.#addSilence(gapTicks, header.silence, headerIndex);
    else if (this.tables.isEmpty) return Math.max(0, gapTicks);
    else this.tables.stretchLast(gapTicks);
    return 0;
  }

  #addSilence(gapTicks: number, { data, durationTicks }: NonNullable<TrackHeader['silence']>, headerIndex: number): void {
    const sampleCount = Math.floor(gapTicks / durationTicks);
    const startSeconds = this.tables.endTicks / this.timescale;
    const sample = { durationTicks, compositionOffsetTicks: 0, bytes: data.length, isSync: true };
    for (let count = 0; count < sampleCount; count += 1) this.tables.add(sample);
    this.tables.stretchLast(gapTicks - sampleCount * durationTicks);
    this.chunks.push({ startSeconds, sampleCount, entry: this.#entry(headerIndex), source: { frame: data, bytes: data.length * sampleCount } });
  }

  #entry(headerIndex: number): number {
    const known = this.#entryOf.get(headerIndex);
    if (known !== undefined) return known;
    const { sampleEntry } = this.headers[headerIndex] as TrackHeader;
    const same = this.entries.findIndex((entry) => Buffer.compare(entry, sampleEntry) === 0);
    const entry = same >= 0 ? same + 1 : this.entries.push(sampleEntry);
    this.#entryOf.set(headerIndex, entry);
    return entry;
  }
}
