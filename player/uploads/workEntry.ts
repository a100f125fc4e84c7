// A video that the server is making of an upload, or makes again. Pure.
import * as z from 'zod';

/** `checking`: the file has arrived. `working`: `isPlayable` says whether it can be watched meanwhile. */
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
  if (entry.uploadId !== null && upload) {
    if (upload.state === 'refused') return { kind: 'failed', code: upload.problem?.code ?? 'internal', message: upload.problem?.message ?? '' };
    if (upload.state !== 'done') return { kind: 'checking', note: upload.problem?.message ?? null };
  }
  // An upload that has just arrived may be in neither list for a moment.
  if (!video) return entry.uploadId !== null && entry.phase.kind === 'checking' ? entry.phase : undefined;
  if (video.state === 'failed') return { kind: 'failed', code: video.failure?.code ?? 'internal', message: video.failure?.message ?? '' };
  if (video.work) return { kind: 'working', ...video.work, isPlayable: video.state === 'ready' };
  return video.state === 'ready' ? { kind: 'ready' } : { kind: 'working', stage: 'waiting', share: 0, isPlayable: false };
}

/** The server still works on it. */
export function isOngoing({ phase }: WorkEntry): boolean {
  return phase.kind === 'checking' || phase.kind === 'working';
}
