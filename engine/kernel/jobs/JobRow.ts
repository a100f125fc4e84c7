/**
 * `delayed` → `waiting` → `running` → `done`, or back to `delayed` after a failure. `dead`: all tries have failed; it waits for
 * an administrator. `cancelled`: an administrator has stopped it.
 */
export const jobStates = ['delayed', 'waiting', 'running', 'done', 'dead', 'cancelled'] as const;
export type JobState = (typeof jobStates)[number];

/** A stored job. Times are milliseconds since the Unix epoch. */
export interface JobRow {
  _id: string;
  kind: string;
  /** What it is about: of one kind and key, one job is unfinished at most. */
  key: string;
  /** `<kind> <key>` while the job is unfinished; missing afterwards. */
  uniqueKey?: string;
  data: unknown;
  state: JobState;
  priority: number;
  /** The tries that have begun since it was added or resent. */
  attempts: number;
  maxAttempts: number;
  retryFirstMs: number;
  retryMaxMs: number;
  /** Counts the claims: what an earlier one writes is refused. */
  fence: number;
  /** The worker that has claimed it last. */
  worker: string | null;
  /** `<kind> <number>` while it runs, for kinds with a bound on all nodes. */
  slot?: string;
  /** Of a delayed job: when it may run. Of a running one: when its lease ends. Otherwise meaningless. */
  wakeAtMs: number;
  /** Order among those of one priority. */
  queuedAtMs: number;
  /** It was added again while it ran, so it runs once more. */
  isWantedAgain: boolean;
  isCancelRequested: boolean;
  /** It runs again so long after it has finished. */
  repeatMs: number | null;
  /** From 0 to 1; null when unknown. */
  progress: number | null;
  progressNote: string | null;
  /** Of the last failure. */
  error: string | null;
  createdAtMs: number;
  /** When the state changed last. */
  changedAtMs: number;
}

export const isUnfinished = (state: JobState): boolean => state === 'delayed' || state === 'waiting' || state === 'running';
