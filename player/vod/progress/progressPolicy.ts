import type { Progress } from '#api/contract';

/** Beyond this fraction, the video counts as finished. */
const finishedAfter = 0.95;
/** Positions before this are neither saved nor resumed. */
const minSeconds = 5;
const saveEveryMs = 10_000;
const minMoveSeconds = 1;

export interface Mark {
  positionSeconds: number;
  isFinished: boolean;
}

/** `tick`: playing; `stop`: paused, ended, hidden or closed. */
export type SaveOccasion = 'tick' | 'stop';

export interface SaveState {
  occasion: SaveOccasion;
  nowMs: number;
  positionSeconds: number;
  durationSeconds: number;
  /** The lecture is live, so nobody has finished it. */
  isLive: boolean;
  /** The last mark saved on this page. */
  saved: (Mark & { atMs: number }) | undefined;
}

/** The mark to save now; undefined if there is nothing to save. */
export function markToSave(view: SaveState): Mark | undefined {
  const { saved, positionSeconds } = view;
  if (!saved && positionSeconds < minSeconds) return undefined;
  if (saved && view.occasion === 'tick' && view.nowMs - saved.atMs < saveEveryMs) return undefined;
  const isFinished = isFinishedAt(view);
  const isMoved = !saved || Math.abs(saved.positionSeconds - positionSeconds) >= minMoveSeconds || saved.isFinished !== isFinished;
  return isMoved ? { positionSeconds, isFinished } : undefined;
}

function isFinishedAt({ isLive, positionSeconds, durationSeconds }: SaveState): boolean {
  return !isLive && durationSeconds > 0 && positionSeconds > durationSeconds * finishedAfter;
}

export interface StartState {
  /** From the URL: `?t=`. */
  requested: number | undefined;
  progress: Progress | undefined;
  durationSeconds: number;
}

/** Where playback starts, and whether it resumes an earlier visit. */
export function startAt({ requested, progress, durationSeconds }: StartState): { seconds: number; isResumed: boolean } {
  const latest = durationSeconds > 1 ? durationSeconds - 1 : Infinity;
  if (requested !== undefined) return { seconds: Math.max(0, Math.min(requested, latest)), isResumed: false };
  const kept = progress?.updatedAt ? progress : undefined;
  if (!kept || kept.isFinished || kept.positionSeconds < minSeconds) return { seconds: 0, isResumed: false };
  if (durationSeconds > 0 && kept.positionSeconds > durationSeconds * finishedAfter) return { seconds: 0, isResumed: false };
  return { seconds: kept.positionSeconds, isResumed: true };
}

/** Parses a position in a URL: `90`, `1m30s`, `1h2m3s`. */
export function parsePosition(given: string | undefined): number | undefined {
  if (!given) return undefined;
  const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?$/.exec(given.trim());
  if (!match) return undefined;
  const [hours, minutes, seconds] = [match[1], match[2], match[3]].map((part) => Number(part ?? 0));
  return (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0);
}
