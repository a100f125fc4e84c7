// RFC 8216bis §4.4.4: the tags that belong to the segment after them.
const discontinuityTag = '#EXT-X-DISCONTINUITY';
const mapTag = '#EXT-X-MAP:';
const dateTag = '#EXT-X-PROGRAM-DATE-TIME:';
const durationTag = '#EXTINF:';
const rangeTag = '#EXT-X-BYTERANGE:';
const gapTag = '#EXT-X-GAP';
const endTag = '#EXT-X-ENDLIST';

/** One segment of a media playlist. Times are in milliseconds of the playlist. */
export interface PlaylistEntry {
  startMs: number;
  endMs: number;
  uri: string;
  /** The bytes of the file; undefined for the whole file. `last` is included. */
  range: { first: number; last: number } | undefined;
  /** Its own lines: duration, byte range, gap and URI. */
  lines: readonly string[];
  /** The line of the init segment that it needs. */
  map: string | undefined;
  /** How many discontinuities are before it. */
  discontinuities: number;
  /** When its first frame was recorded, if the playlist says so. */
  dateMs: number | undefined;
  hasDate: boolean;
}

export interface ParsedPlaylist {
  /** The lines before the first segment. */
  head: readonly string[];
  entries: readonly PlaylistEntry[];
  isFinished: boolean;
}

/** Parses a media playlist as Lectern writes it, or a list of keyframes: every byte range has an offset. */
export function parseMediaPlaylist(text: string): ParsedPlaylist {
  const parser = new Parser();
  for (const line of text.split('\n')) if (line !== '') parser.read(line);
  return parser;
}

class Parser implements ParsedPlaylist {
  readonly head: string[] = [];
  readonly entries: PlaylistEntry[] = [];
  isFinished = false;
  #startUs = 0;
  #map: string | undefined;
  #dateMs: number | undefined;
  #next = emptyNext();

  read(line: string): void {
    if (!line.startsWith('#')) return this.#segment(line);
    if (line.startsWith(durationTag)) return this.#duration(line);
    if (line.startsWith(rangeTag)) return this.#range(line);
    if (line.startsWith(dateTag)) return this.#date(line);
    if (line.startsWith(mapTag)) this.#map = line;
    else if (line === discontinuityTag) this.#next.discontinuities += 1;
    else if (line === gapTag) this.#next.lines.push(line);
    else if (line === endTag) this.isFinished = true;
    else this.head.push(line);
  }

  #segment(uri: string): void {
    const { durationUs, lines, ...rest } = this.#next;
    const endUs = this.#startUs + durationUs;
    this.entries.push({ ...rest, startMs: this.#startUs / 1000, endMs: endUs / 1000, uri, lines: [...lines, uri], map: this.#map, dateMs: this.#dateMs });
    this.#startUs = endUs;
    if (this.#dateMs !== undefined) this.#dateMs += durationUs / 1000;
    this.#next = emptyNext();
  }

  #duration(line: string): void {
    this.#next.durationUs = Math.round(Number.parseFloat(line.slice(durationTag.length)) * 1e6);
    this.#next.lines.push(line);
  }

  #range(line: string): void {
    const [bytes = 0, offset = 0] = line.slice(rangeTag.length).split('@').map(Number);
    this.#next.range = { first: offset, last: offset + bytes - 1 };
    this.#next.lines.push(line);
  }

  #date(line: string): void {
    this.#dateMs = Date.parse(line.slice(dateTag.length));
    this.#next.hasDate = true;
  }
}

function emptyNext(): { durationUs: number; lines: string[]; range: PlaylistEntry['range']; discontinuities: number; hasDate: boolean } {
  return { durationUs: 0, lines: [], range: undefined, discontinuities: 0, hasDate: false };
}

/** Writes entries in their order. Where one does not follow the one before it, the timestamps do not continue (RFC 8216bis §4.4.4.3). */
export function writeMediaPlaylist({ head, entries, isFinished }: ParsedPlaylist): string {
  const lines = [...head];
  let map: string | undefined;
  let endMs: number | undefined;
  for (const entry of entries) {
    const isJoin = entry.startMs !== (endMs ?? 0);
    const discontinuities = endMs === undefined ? 0 : isJoin ? 1 : entry.discontinuities;
    lines.push(...Array.from({ length: discontinuities }, () => discontinuityTag));
    if (entry.map !== undefined && entry.map !== map) lines.push((map = entry.map));
    if (entry.dateMs !== undefined && (entry.hasDate || isJoin)) lines.push(`${dateTag}${new Date(entry.dateMs).toISOString()}`);
    lines.push(...entry.lines);
    endMs = entry.endMs;
  }
  return [...lines, ...(isFinished ? [endTag] : []), ''].join('\n');
}
