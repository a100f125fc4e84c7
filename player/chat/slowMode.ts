interface SlowModeState {
  slowModeMs: number;
  /** Those who moderate are not slowed down. */
  isModerator: boolean;
  /** Lecture clock of one's own newest message; undefined without one. */
  lastOwnAtMs: number | undefined;
  clockMs: number;
}

/** How long until someone may write again, in whole seconds; 0 when they may now. */
export function slowModeWaitSeconds({ slowModeMs, isModerator, lastOwnAtMs, clockMs }: SlowModeState): number {
  if (isModerator || slowModeMs === 0 || lastOwnAtMs === undefined) return 0;
  return Math.max(0, Math.ceil((lastOwnAtMs + slowModeMs - clockMs) / 1000));
}
