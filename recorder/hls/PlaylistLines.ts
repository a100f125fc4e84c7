// Responsible for the entries of one track's playlist as text. Each entry is written once, when its segment is appended,
// so that a playlist of four hours grows as cheaply as one of a minute. Owns the texts.
import type { InitSegmentRow, RecordingRow, RecordingTrack, SegmentRow } from '../journal/rows.ts';
import { groupOf } from '../journal/rows.ts';
import { recordingPrefix } from '../journal/keys.ts';
import { PlaylistLayout } from './playlistEntries.ts';
import type { PlaylistEntry } from './playlistEntries.ts';

/** The current state of the recording. */
interface RecordingSoFar {
  recording: RecordingRow;
  inits: readonly InitSegmentRow[];
}

export class PlaylistLines {
  readonly #track: RecordingTrack;
  readonly #layout = new PlaylistLayout((entry) => this.#write(entry));
  readonly #texts: string[] = [];
  readonly #endsUs: number[] = [];
  #inits: readonly InitSegmentRow[] = [];
  #prefixLength = 0;
  #zeroMs = 0;
  #appendedCount = 0;
  #head = '';
  #mapEpoch: number | undefined;
  #isDateDue = true;
  #isIndependent = true;

  constructor(track: RecordingTrack) {
    this.#track = track;
  }

  get isIndependent(): boolean {
    return this.#isIndependent;
  }

  /** Appends the segments that are new since the last call. `segments`: all segments of the track. */
  append({ recording, inits }: RecordingSoFar, segments: readonly SegmentRow[]): void {
    this.#inits = inits;
    this.#prefixLength = recordingPrefix(recording._id).length;
    this.#zeroMs = Date.parse(recording.startedAt);
    for (; this.#appendedCount < segments.length; this.#appendedCount += 1) {
      const segment = segments[this.#appendedCount];
      if (!segment || segment.state === 'lost') continue;
      // A gap before the first segment needs EXT-X-MAP as well: that of the first segment.
      if (this.#mapEpoch === undefined) this.#head = this.#map((this.#mapEpoch = segment.epoch));
      this.#layout.segment(segment, recording.epochs[groupOf[this.#track]]);
      this.#isIndependent &&= segment.isIndependent;
    }
  }

  /** Fills the playlist up to the end of the group. */
  finish({ recording }: RecordingSoFar, endMs: number): void {
    this.#layout.finish(endMs, recording.epochs[groupOf[this.#track]]);
  }

  /** The text of the entries from `first` on. */
  text(first = 0): string {
    return this.#texts.slice(first).join('');
  }

  /** How many entries end at least this long before the last one. */
  countBefore(distanceUs: number): number {
    const borderUs = (this.#endsUs.at(-1) ?? 0) - distanceUs;
    let count = this.#endsUs.length;
    while (count > 0 && (this.#endsUs[count - 1] ?? 0) > borderUs) count -= 1;
    return count;
  }

  #write({ startUs, endUs, discontinuities, segment }: PlaylistEntry): void {
    let text = this.#head + '#EXT-X-DISCONTINUITY\n'.repeat(discontinuities);
    this.#head = '';
    if (segment && segment.epoch !== this.#mapEpoch) text += this.#map((this.#mapEpoch = segment.epoch));
    if (this.#isDateDue || discontinuities > 0) text += `#EXT-X-PROGRAM-DATE-TIME:${new Date(this.#zeroMs + startUs / 1000).toISOString()}\n`;
    this.#isDateDue = !segment;
    const duration = `#EXTINF:${((endUs - startUs) / 1e6).toFixed(6)},\n`;
    text += segment ? `${duration}${this.#relative(segment.key)}\n` : `#EXT-X-GAP\n${duration}${this.#track}/gap.m4s\n`;
    this.#texts.push(text);
    this.#endsUs.push(endUs);
  }

  #map(epoch: number): string {
    const init = this.#inits.find((row) => row.track === this.#track && row.epoch === epoch);
    return init ? `#EXT-X-MAP:URI="${this.#relative(init.key)}"\n` : '';
  }

  #relative(key: string): string {
    return key.slice(this.#prefixLength);
  }
}
