// A video that the server is making of an upload, or makes again. Pure.
import * as z from 'zod';

/** `checking`: the file has arrived. `working`: `isPlayable` says whether it can already be watched. */
export const WorkPhase = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('checking'), note: z.string().nullable() }),
  z.object({ kind: z.literal('working'), stage: z.string(), share: z.number(), isPlayable: z.boolean() }),
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('failed'), code: z.string(), message: z.string() }),
]);
export type WorkPhase = z.infer<typeof WorkPhase>;

export const WorkEntry = z.object({
  videoId: z.string(),
  courseId: z.string(),
  /** What the person has called it. */
  title: z.string(),
  /** Its upload, until the video has its file. */
  uploadId: z.string().nullable(),
  phase: WorkPhase,
  /** Somebody was told that it can be watched. */
  isAnnounced: z.boolean(),
});
export type WorkEntry = z.infer<typeof WorkEntry>;

/** What the server says about it now. */
export interface WorkLook {
  /** Undefined when the upload is not listed any more. */
  upload: { state: string; problem: { code: string; message: string } | null } | undefined;
  /** Undefined while there is no video. */
  video: { title: string; state: string; work: { stage: string; share: number } | null; failure: { code: string; message: string } | null } | undefined;
}

export type WorkNews = { kind: 'playable' } | { kind: 'failed' };

/** The entry after a look at the server, and what the person should be told, once. Undefined when it does not exist any more. */
export function afterLook(entry: WorkEntry, look: WorkLook): { entry: WorkEntry; news: WorkNews | undefined } | undefined {
  const phase = phaseOf(entry, look);
  if (!phase) return undefined;
  const isPlayable = phase.kind === 'ready' || (phase.kind === 'working' && phase.isPlayable);
  const news: WorkNews | undefined = phase.kind === 'failed' && entry.phase.kind !== 'failed' ? { kind: 'failed' } : isPlayable && !entry.isAnnounced ? { kind: 'playable' } : undefined;
  const uploadId = phase.kind === 'checking' ? entry.uploadId : null;
  return { entry: { ...entry, uploadId, phase, isAnnounced: entry.isAnnounced || isPlayable }, news };
}

function phaseOf(entry: WorkEntry, { upload, video }: WorkLook): WorkPhase | undefined {
  const ofUpload = entry.uploadId !== null && upload ? phaseOfUpload(upload) : undefined;
  if (ofUpload) return ofUpload;
  if (video) return phaseOfVideo(video);
  // An upload that has just arrived may be in neither list for a moment.
  return entry.uploadId !== null && entry.phase.kind === 'checking' ? entry.phase : undefined;
}

/** Undefined when the file has become that of the video. */
function phaseOfUpload({ state, problem }: NonNullable<WorkLook['upload']>): WorkPhase | undefined {
  if (state === 'refused') return { kind: 'failed', ...(problem ?? unknownFailure) };
  return state === 'done' ? undefined : { kind: 'checking', note: problem?.message ?? null };
}

function phaseOfVideo({ state, work, failure }: NonNullable<WorkLook['video']>): WorkPhase {
  if (state === 'failed') return { kind: 'failed', ...(failure ?? unknownFailure) };
  if (work) return { kind: 'working', stage: work.stage, share: work.share, isPlayable: state === 'ready' };
  return state === 'ready' ? { kind: 'ready' } : { kind: 'working', stage: 'waiting', share: 0, isPlayable: false };
}

const unknownFailure = { code: 'internal', message: '' };

/** The server still works on it. */
export function isOngoing({ phase }: WorkEntry): boolean {
  return phase.kind === 'checking' || phase.kind === 'working';
}
