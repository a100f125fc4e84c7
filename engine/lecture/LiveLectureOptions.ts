import type { Lecture, LectureEndReason, LectureEvent } from '../contract/index.ts';
import type { Clock } from '../kernel/Clock.ts';
import type { Logger } from '../kernel/Logger.ts';
import type { OwnedLecture } from './LectureOwnership.ts';
import type { MediaPlane } from './ports.ts';

export interface LiveLectureOptions {
  /** The lecture as it stands; its `startedAt` is the zero of the clock. */
  lecture: Lecture & { startedAt: string };
  /** By what this process owns the lecture. */
  owned: OwnedLecture;
  /** The events of its log. */
  past: readonly LectureEvent[];
  plane: MediaPlane;
  clock: Clock;
  logger: Logger;
  /** How long a lecture without media stays live. */
  graceMs: number;
  /** Stores the state; called before the change is recorded. */
  persist: (lecture: Lecture, endReason: LectureEndReason | null) => Promise<void>;
}
