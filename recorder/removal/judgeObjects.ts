// Which objects of one recording or video belong to nothing, and which are missing. Pure.
import { recordingPrefix } from '../journal/keys.ts';
import type { InitSegmentRow, RecordingRow, SegmentRow } from '../journal/rows.ts';
import type { VideoRow } from '../library/VideoRow.ts';
import type { ListedObject } from '../storage/index.ts';

/** `inProgress`: it is being written, so nothing can be said. */
export type Judgement = { inProgress: true } | { inProgress: false; orphans: ListedObject[]; missing: string[] };

export interface KnownRecording {
  recording: RecordingRow | undefined;
  video: VideoRow | undefined;
  files: readonly (SegmentRow | InitSegmentRow)[];
  /** The objects that the manifest of the video lists, which its journal may have been folded into; undefined when it cannot be read. */
  listed: readonly string[] | undefined;
}

const isSegment = /\.(?:m4s|mp4)$/;

/** `objects`: all that is stored of the recording. `isOld`: too old to be of a write that is under way. */
export function judgeRecording({ recording, video, files, listed }: KnownRecording, objects: readonly ListedObject[], isOld: (object: ListedObject) => boolean): Judgement {
  if (!recording && !video) return judgeOwnerless(objects, isOld);
  if (listed === undefined || isBeingWritten(recording, video)) return { inProgress: true };
  const known = new Set([...files.map(({ key }) => key), ...listed]);
  // Without a row and a manifest, nothing can be said about segments.
  const orphans = known.size === 0 ? [] : objects.filter((object) => isSegment.test(object.key) && !known.has(object.key) && isOld(object));
  return { inProgress: false, orphans, missing: video?.deletedAt ? [] : missingOf([...storedKeys(files), ...posterOf(video)], objects) };
}

function isBeingWritten(recording: RecordingRow | undefined, video: VideoRow | undefined): boolean {
  return (recording !== undefined && (recording.state !== 'finished' || !recording.isStored)) || (video !== undefined && video.work !== null);
}

/** Nothing names the objects, unless a row is about to. */
function judgeOwnerless(objects: readonly ListedObject[], isOld: (object: ListedObject) => boolean): Judgement {
  return objects.every(isOld) ? { inProgress: false, orphans: [...objects], missing: [] } : { inProgress: true };
}

function storedKeys(files: KnownRecording['files']): string[] {
  return files.filter(({ state }) => state === 'stored').map(({ key }) => key);
}

/** A poster that is stored with the recording. */
function posterOf(video: VideoRow | undefined): string[] {
  const { recordingId, posterKey } = video ?? {};
  return recordingId && posterKey?.startsWith(recordingPrefix(recordingId)) ? [posterKey] : [];
}

function missingOf(expected: readonly string[], objects: readonly ListedObject[]): string[] {
  const keys = new Set(objects.map(({ key }) => key));
  return expected.filter((key) => !keys.has(key));
}

/** `objects`: all that is stored below the folder of the video. */
export function judgeVideo({ video, listed = [] }: Pick<KnownRecording, 'video' | 'listed'>, objects: readonly ListedObject[], isOld: (object: ListedObject) => boolean): Judgement {
  if (!video) return judgeOwnerless(objects, isOld);
  if (video.work !== null || video.state === 'processing' || video.state === 'live') return { inProgress: true };
  const referenced = [...referencedKeys(video), ...listed].filter((key) => key.startsWith(`videos/${video._id}/`));
  const isReferenced = new Set(referenced);
  const current = `videos/${video._id}/${video.generation}/`;
  const orphans = objects.filter((object) => !isReferenced.has(object.key) && !object.key.startsWith(current) && isReplaceable(object.key) && isOld(object));
  return { inProgress: false, orphans, missing: video.deletedAt === null ? missingOf(referenced, objects) : [] };
}

/** Renditions of a generation, and source files: a later one takes their place. */
function isReplaceable(key: string): boolean {
  return /^videos\/[^/]+\/(?:\d+|source)\//.test(key);
}

/** The objects that the row of a video names. */
export function referencedKeys({ sourceFile, manifest, waveform, storyboard, posterKey }: VideoRow): string[] {
  const files = [sourceFile, manifest, waveform, storyboard?.index, ...(storyboard?.sprites ?? [])];
  return [...files.flatMap((file) => (file ? [file.key] : [])), ...(posterKey === null ? [] : [posterKey])];
}
