// Responsible for the rows of one recording in memory, and for values derived from all of them. They are updated with each
// segment, so that a segment costs the same in the first minute and in the fourth hour. Owns its arrays.
import { groupOf, recordingTracks } from './rows.ts';
import type { InitSegmentRow, RecordingRow, RecordingTrack, SegmentRow } from './rows.ts';
import { extendTimeRanges } from './timeRanges.ts';
import type { TimeRange } from './timeRanges.ts';

export class TrackIndex {
  /** Without lost segments. */
  readonly segments: SegmentRow[] = [];
  /** Where it has published media, not fillers. */
  readonly presence: TimeRange[] = [];
  endMs = 0;

  append(row: SegmentRow): void {
    this.endMs = Math.max(this.endMs, row.startMs + row.durationMs);
    if (row.state === 'lost') return;
    this.segments.push(row);
    if (!row.isFiller) extendTimeRanges(this.presence, row);
  }
}

export class RecordingIndex {
  recording: RecordingRow;
  readonly inits: InitSegmentRow[];
  readonly segments: SegmentRow[] = [];
  readonly tracks: Readonly<Record<RecordingTrack, TrackIndex>> = { 'main-video': new TrackIndex(), 'main-audio': new TrackIndex(), 'screen-video': new TrackIndex() };
  /** Segments that only another node had when they were read: they cannot be played from here. */
  readonly segmentsElsewhere: number;
  /** The recording was finished when its segments were read: since then, only their states have changed. */
  readonly wasFinished: boolean;
  readonly #nextSequence: Record<RecordingTrack, number> = { 'main-video': 0, 'main-audio': 0, 'screen-video': 0 };
  /** Playlist texts, by name. */
  readonly #texts = new Map<string, string | undefined>();

  constructor(recording: RecordingRow, extent: { inits: readonly InitSegmentRow[]; segments: readonly SegmentRow[]; segmentsElsewhere?: number }) {
    this.recording = recording;
    this.segmentsElsewhere = extent.segmentsElsewhere ?? 0;
    this.wasFinished = recording.state === 'finished';
    this.inits = [...extent.inits];
    for (const row of extent.segments) this.append(row);
  }

  /** Every segment that is not lost can be played from this node. */
  get isComplete(): boolean {
    return this.segmentsElsewhere === 0;
  }

  /** Where the longest track ends. */
  get endMs(): number {
    return Math.max(...recordingTracks.map((track) => this.tracks[track].endMs));
  }

  /** The sequence of the segment that a track needs next. */
  nextSequence(track: RecordingTrack): number {
    return this.#nextSequence[track];
  }

  /** Ignores a row that it has already. */
  append(row: SegmentRow): void {
    if (row.sequence < this.#nextSequence[row.track]) return;
    this.#nextSequence[row.track] = row.sequence + 1;
    this.segments.push(row);
    this.tracks[row.track].append(row);
    this.#forgetTexts(row.track);
  }

  /** Adds an init segment. `recording`: with the epochs that include its own. */
  addInit(init: InitSegmentRow, recording: RecordingRow): void {
    if (!this.inits.some(({ track, epoch }) => track === init.track && epoch === init.epoch)) this.inits.push(init);
    this.replaceRecording(recording);
  }

  replaceRecording(recording: RecordingRow): void {
    this.recording = recording;
    this.#texts.clear();
  }

  /** A text that is made once and kept until the rows it shows change. */
  text(name: string, make: () => string | undefined): string | undefined {
    if (!this.#texts.has(name)) this.#texts.set(name, make());
    return this.#texts.get(name);
  }

  /** Texts are named after their track or group: `main-audio.m3u8`, `main-video-iframes.m3u8`, `main.m3u8`. */
  #forgetTexts(track: RecordingTrack): void {
    for (const name of this.#texts.keys()) {
      if (name.startsWith(`${track}.`) || name.startsWith(`${track}-`) || name.startsWith(`${groupOf[track]}.`)) this.#texts.delete(name);
    }
  }
}
