import { CodedError } from '#engine/contract';
import type { RecordingListing } from '../hls/mediaPlaylist.ts';
import { recordingPrefix } from '../journal/keys.ts';
import type { RecordingTrack } from '../journal/rows.ts';
import { keptSpans, nearestEditedMs } from '../contract/index.ts';
import { isServed, keptOfEntry } from '../edits/index.ts';
import type { Edit } from '../edits/index.ts';
import type { Manifest, ManifestRendition } from '../renditions/index.ts';
import type { SourceSegment, SourceTrack } from './layOutMovie.ts';

/** Which video of a lecture: the camera or program, or the screen. Both have the same audio. */
export type DownloadView = 'main' | 'screen';

export interface WantedDownload {
  view: DownloadView;
  /** The best that is not larger; the best of all when left out. */
  heightPx?: number | undefined;
  /** What is cut of the video. */
  edit?: Edit | undefined;
}

/** The tracks of a recording as it was recorded. Files are named by their path in it. @throws CodedError `video.notReady` when there are none */
export function recordingTracksOf({ recording, inits, segments }: RecordingListing, { view, edit }: WantedDownload): SourceTrack[] {
  const prefix = recordingPrefix(recording._id).length;
  const trackOf = (track: RecordingTrack): SourceTrack => {
    const ofTrack = segments.filter((segment) => segment.track === track && segment.state !== 'lost' && piecesOf(segment, { edit, isAudio: track === 'main-audio' }).length > 0);
    const epochs = [...new Set(ofTrack.map(({ epoch }) => epoch))];
    const files = epochs.map((epoch) => inits.find((init) => init.track === track && init.epoch === epoch));
    if (files.some((init) => init === undefined || init.state === 'lost')) throw new CodedError('object.corrupt', 'A part of this recording is lost.');
    return {
      inits: files.flatMap((init) => (init ? [{ file: init.key.slice(prefix), offset: 0, bytes: init.bytes }] : [])),
      segments: ofTrack.flatMap((segment) => {
        const part = { file: segment.key.slice(prefix), offset: 0, bytes: segment.bytes, init: epochs.indexOf(segment.epoch) };
        return piecesOf(segment, { edit, isAudio: track === 'main-audio' }).map((piece) => ({ ...part, ...piece }));
      }),
    };
  };
  return withMedia([trackOf(view === 'screen' ? 'screen-video' : 'main-video'), trackOf('main-audio')]);
}

/** The tracks of a rendition of the wanted height, with AAC if there is any. Files are named by their keys. @throws CodedError `video.notReady` */
export function renditionTracksOf({ renditions }: Manifest, { view, heightPx = Infinity, edit }: WantedDownload): SourceTrack[] {
  const videos = renditions.filter(({ group, kind }) => group === view && kind === 'video').toSorted((a, b) => (b.heightPx ?? 0) - (a.heightPx ?? 0));
  const audios = ['main', view].map((of) => renditions.filter(({ group, kind }) => group === of && kind === 'audio')).find(({ length }) => length > 0) ?? [];
  const video = videos.find((one) => (one.heightPx ?? 0) <= heightPx) ?? videos.at(-1);
  const audio = audios.find(({ codecString }) => codecString.startsWith('mp4a.')) ?? audios[0];
  return withMedia([video, audio].flatMap((rendition) => (rendition ? [trackOfRendition(rendition, edit)] : [])));
}

function trackOfRendition({ kind, init, parts, segments }: ManifestRendition, edit: Edit | undefined): SourceTrack {
  let endMs = 0;
  const left = segments.flatMap(({ part, offset, bytes, durationMs }) => {
    const startMs = endMs;
    endMs += durationMs;
    return piecesOf({ startMs, durationMs }, { edit, isAudio: kind === 'audio' }).map((piece) => ({ file: parts[part]?.key ?? '', offset, bytes, init: 0, ...piece }));
  });
  return { inits: [{ file: init.key, offset: 0, bytes: init.bytes }], segments: left };
}

type Piece = Pick<SourceSegment, 'cutBeforeSeconds' | 'within'>;

/** What is left of a segment: all of it, parts of audio, or nothing. */
function piecesOf({ startMs, durationMs }: { startMs: number; durationMs: number }, { edit, isAudio }: { edit: Edit | undefined; isAudio: boolean }): Piece[] {
  if (!edit) return [{}];
  const span = { startMs, endMs: startMs + durationMs };
  if (!isAudio) return isServed(span, edit) ? [{ cutBeforeSeconds: cutBeforeSeconds(edit, startMs) }] : [];
  return keptOfEntry(span, edit).map((kept) => {
    const isWhole = kept.startMs === span.startMs && kept.endMs === span.endMs;
    const within = { startSeconds: (kept.startMs - startMs) / 1000, endSeconds: (kept.endMs - startMs) / 1000 };
    return { cutBeforeSeconds: cutBeforeSeconds(edit, kept.startMs), ...(!isWhole && { within }) };
  });
}

/** How much earlier than in the whole video a segment is shown. */
function cutBeforeSeconds(edit: Edit | undefined, startMs: number): number {
  return edit ? (startMs - nearestEditedMs(keptSpans(Infinity, edit.cuts, edit.within ?? { startMs: 0, endMs: Infinity }), startMs)) / 1000 : 0;
}

function withMedia(tracks: readonly SourceTrack[]): SourceTrack[] {
  const filled = tracks.filter(({ segments }) => segments.length > 0);
  if (filled.length === 0) throw new CodedError('video.notReady', 'This video has nothing to download yet.');
  return filled;
}
