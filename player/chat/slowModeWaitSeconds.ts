interface SlowModeState {
  slowModeMs: number;
  /** Slow mode does not apply to moderators. */
  isModerator: boolean;
  /** Lecture clock of the user's latest message; undefined without one. */
  lastOwnAtMs: number | undefined;
  clockMs: number;
}

/** Whole seconds until the user may send again; 0 if they may send now. */
export function slowModeWaitSeconds({ slowModeMs, isModerator, lastOwnAtMs, clockMs }: SlowModeState): number {
  if (isModerator || slowModeMs === 0 || lastOwnAtMs === undefined) return 0;
  return Math.max(0, Math.ceil((lastOwnAtMs + slowModeMs - clockMs) / 1000));
}
