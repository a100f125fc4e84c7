// One file that is uploaded, and how it goes from one stage to the next. Pure.

/**
 * `waiting`: its turn comes. `sending`: bytes are on their way. `paused`: by the person. `offline`: until there is a connection.
 * `retrying`: after a failure that passes. `needsFile`: after a reload, until the person chooses the file again. `needsPermission`: the
 * browser kept the file and has to ask. `failed`: only the person can go on.
 */
export type UploadStage =
  | { kind: 'waiting' | 'sending' | 'paused' | 'offline' | 'needsFile' | 'needsPermission' }
  | { kind: 'retrying'; atMs: number; error: unknown }
  | { kind: 'failed'; error: unknown };

export interface UploadItem {
  /** Of this page; the id of the upload on the server for one that was found there. */
  key: string;
  courseId: string;
  /** The video that gets this file in place of its own. */
  replaces: string | null;
  title: string;
  fileName: string;
  bytes: number;
  sentBytes: number;
  /** Where it is continued; null until the server knows it. */
  url: string | null;
  /** The video that it becomes. */
  videoId: string | null;
  stage: UploadStage;
  /** Failures since bytes arrived last. */
  failures: number;
}

export type UploadEvent =
  | { kind: 'started' | 'paused' | 'resumed' | 'wentOffline' | 'wentOnline' | 'due' | 'askedForPermission' }
  | { kind: 'lost' }
  | { kind: 'located'; url: string; videoId: string | null }
  | { kind: 'sent'; bytes: number }
  | { kind: 'postponed'; atMs: number; error: unknown }
  | { kind: 'failed'; error: unknown }
  | { kind: 'named'; title: string };

type StageKind = UploadStage['kind'];

/** Stages in which the upload goes on without the person. */
const activeKinds: ReadonlySet<StageKind> = new Set<StageKind>(['waiting', 'sending', 'offline', 'retrying']);

export function isActive({ stage }: UploadItem): boolean {
  return activeKinds.has(stage.kind);
}

/** The item after an event. An event that does not apply to its stage changes nothing. */
export function afterEvent(item: UploadItem, event: UploadEvent): UploadItem {
  switch (event.kind) {
    case 'located':
      return { ...item, url: event.url, videoId: event.videoId ?? item.videoId };
    case 'named':
      return { ...item, title: event.title };
    case 'sent':
      // What was sent and did not arrive is sent again: the number may become smaller.
      return item.stage.kind === 'sending' ? { ...item, sentBytes: event.bytes, failures: event.bytes > item.sentBytes ? 0 : item.failures } : item;
    case 'lost':
      return { ...item, url: null, videoId: item.replaces, sentBytes: 0 };
    default:
      return withStage(item, event);
  }
}

type StageEvent = Exclude<UploadEvent, { kind: 'located' | 'named' | 'sent' | 'lost' }>;

/** In which stages an event counts, the stage that follows, and what else changes. */
const steps: { [K in StageEvent['kind']]: { from: ReadonlySet<StageKind>; stage: (event: StageEvent) => UploadStage; failures?: (now: number) => number } } = {
  started: { from: new Set<StageKind>(['waiting']), stage: () => ({ kind: 'sending' }) },
  paused: { from: activeKinds, stage: () => ({ kind: 'paused' }) },
  resumed: { from: new Set<StageKind>(['paused', 'failed', 'needsFile', 'needsPermission']), stage: () => ({ kind: 'waiting' }), failures: () => 0 },
  wentOffline: { from: activeKinds, stage: () => ({ kind: 'offline' }) },
  wentOnline: { from: new Set<StageKind>(['offline', 'retrying']), stage: () => ({ kind: 'waiting' }), failures: () => 0 },
  due: { from: new Set<StageKind>(['retrying']), stage: () => ({ kind: 'waiting' }) },
  askedForPermission: { from: new Set<StageKind>(['needsFile']), stage: () => ({ kind: 'needsPermission' }) },
  postponed: { from: activeKinds, stage: (event) => ('atMs' in event ? { kind: 'retrying', atMs: event.atMs, error: event.error } : { kind: 'waiting' }), failures: (now) => now + 1 },
  failed: { from: activeKinds, stage: (event) => ({ kind: 'failed', error: 'error' in event ? event.error : undefined }) },
};

function withStage(item: UploadItem, event: StageEvent): UploadItem {
  const { from, stage, failures } = steps[event.kind];
  return from.has(item.stage.kind) ? { ...item, stage: stage(event), failures: failures?.(item.failures) ?? item.failures } : item;
}

/** Which waiting items may start now, the oldest first. */
export function nextToStart(items: readonly UploadItem[], maxAtOnce: number): UploadItem[] {
  const room = maxAtOnce - items.filter(({ stage }) => stage.kind === 'sending').length;
  return items.filter(({ stage }) => stage.kind === 'waiting').slice(0, Math.max(0, room));
}

/** The share of all bytes of the active uploads that was sent, 0 to 1; undefined if none is active. */
export function sentShare(items: readonly UploadItem[]): number | undefined {
  const active = items.filter(isActive);
  if (active.length === 0) return undefined;
  const bytes = active.reduce((sum, item) => sum + item.bytes, 0);
  return bytes === 0 ? 0 : Math.min(1, active.reduce((sum, item) => sum + item.sentBytes, 0) / bytes);
}

/** A file that was chosen again belongs to an unfinished upload if both have the same name and size. */
export function isFileOf({ fileName, bytes }: Pick<UploadItem, 'fileName' | 'bytes'>, file: { name: string; size: number }): boolean {
  return bytes === file.size && fileName.normalize() === file.name.normalize();
}

const extension = /\.[^.\s]{1,5}$/;

/** The title that a file suggests: `Lecture 3 – waves.mp4` → `Lecture 3 – waves`, `intro_to_optics.mov` → `intro to optics`. */
export function titleOf(fileName: string, maxLength: number): string {
  const bare = fileName.replace(extension, '').replaceAll('_', ' ').replace(/\s+/g, ' ').trim();
  return [...(bare === '' ? fileName : bare)].slice(0, maxLength).join('');
}
