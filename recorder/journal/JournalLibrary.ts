// Responsible for what delivery reads of recordings: current playlists, and the location of each file. Owns the playlist
// texts of growing recordings.
import type { MediaLocation, PlaylistText, RecordingLibrary } from '../delivery/RecordingLibrary.ts';
import { deltaPlaylist, growingPlaylist } from '../hls/mediaPlaylist.ts';
import { playlistNamed } from '../hls/playlistFiles.ts';
import type { RecordingListing } from '../hls/mediaPlaylist.ts';
import { PlaylistLines } from '../hls/PlaylistLines.ts';
import type { Spool } from '../capture/Spool.ts';
import type { Journal } from './Journal.ts';
import { recordingPrefix } from './keys.ts';
import type { RecordingIndex } from './RecordingIndex.ts';
import type { RecordingIndexes } from './RecordingIndexes.ts';
import { recordingTracks } from './rows.ts';
import type { RecordingTrack, SegmentRow } from './rows.ts';
import type { TimeRange } from './timeRanges.ts';

export class JournalLibrary implements RecordingLibrary {
  readonly #journal: Journal;
  readonly #indexes: RecordingIndexes;
  readonly #spool: Spool;
  readonly #lines = new WeakMap<RecordingIndex, Map<RecordingTrack, PlaylistLines>>();

  constructor(journal: Journal, indexes: RecordingIndexes, spool: Spool) {
    this.#journal = journal;
    this.#indexes = indexes;
    this.#spool = spool;
  }

  async playlist(recordingId: string, name: string, isDelta = false): Promise<PlaylistText | undefined> {
    const index = await this.#indexes.get(recordingId);
    if (!index) return undefined;
    const isFinished = index.recording.state === 'finished';
    const track = isFinished ? undefined : recordingTracks.find((one) => `${one}.m3u8` === name);
    const text = track ? this.#growing(index, track, isDelta) : index.text(name, () => playlistNamed(index, name));
    // With segments on another node, its text changes when they are stored.
    return text === undefined ? undefined : { text, isFinished: isFinished && index.isComplete, isAudio: name.startsWith('main-audio') };
  }

  #growing(index: RecordingIndex, track: RecordingTrack, isDelta: boolean): string | undefined {
    const { segments } = index.tracks[track];
    if (segments.length === 0) return undefined;
    return index.text(`${track}.${isDelta ? 'delta' : 'm3u8'}`, () => {
      const lines = this.#linesOf(index, track);
      lines.append(index, segments);
      return isDelta ? deltaPlaylist(lines) : growingPlaylist(lines);
    });
  }

  #linesOf(index: RecordingIndex, track: RecordingTrack): PlaylistLines {
    const ofIndex = this.#lines.get(index) ?? new Map<RecordingTrack, PlaylistLines>();
    this.#lines.set(index, ofIndex);
    const lines = ofIndex.get(track) ?? new PlaylistLines(track);
    ofIndex.set(track, lines);
    return lines;
  }

  /**
   * A `file` may be gone when it is opened, because it has just been stored. Call `locate` again then. Undefined for a file
   * that only another node has.
   */
  async locate(recordingId: string, path: string): Promise<MediaLocation | undefined> {
    const known = await this.#journal.byKey(recordingPrefix(recordingId) + path);
    if (!known || known.row.state === 'lost') return undefined;
    if (this.#journal.isElsewhere(known.row)) return undefined;
    const { key, bytes, sha256, state } = known.row;
    return state === 'stored' ? { kind: 'stored', key, bytes, sha256 } : { kind: 'file', file: this.#spool.fileOf(key), bytes, sha256 };
  }

  /** Where a track has published media, not fillers. */
  async presence(recordingId: string, track: RecordingTrack): Promise<readonly TimeRange[]> {
    return (await this.#indexes.get(recordingId))?.tracks[track].presence ?? [];
  }

  /** Where each track ends, ms; 0 for an empty track. */
  async ends(recordingId: string): Promise<Record<RecordingTrack, number>> {
    const tracks = (await this.#indexes.get(recordingId))?.tracks;
    return { 'main-video': tracks?.['main-video'].endMs ?? 0, 'main-audio': tracks?.['main-audio'].endMs ?? 0, 'screen-video': tracks?.['screen-video'].endMs ?? 0 };
  }

  /** The length of a recording so far, and whether it has a screen. */
  async extent(recordingId: string): Promise<{ durationSeconds: number; hasScreen: boolean }> {
    const ends = await this.ends(recordingId);
    return { durationSeconds: Math.max(...Object.values(ends)) / 1000, hasScreen: ends['screen-video'] > 0 };
  }

  /** All rows of a recording; undefined while another node has some of its segments. */
  async listing(recordingId: string): Promise<RecordingListing | undefined> {
    const index = await this.#indexes.get(recordingId);
    return index?.isComplete ? index : undefined;
  }

  async segments(recordingId: string): Promise<readonly SegmentRow[]> {
    return (await this.#indexes.get(recordingId))?.segments ?? [];
  }
}
