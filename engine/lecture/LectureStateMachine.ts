import type { Lecture, LectureEndReason, LectureEventBody } from '../contract/index.ts';
import { toInstant } from '../kernel/Clock.ts';
import type { Logger } from '../kernel/Logger.ts';
import { nextLectureState } from './lectureState.ts';
import type { LectureInput } from './lectureState.ts';

export interface LectureStateMachineOptions {
  lecture: Lecture;
  /** Writes the state to the database. */
  persist: (lecture: Lecture, endReason: LectureEndReason | null) => Promise<void>;
  record: (fact: LectureEventBody) => Promise<void>;
  nowMs: () => number;
  logger: Logger;
}

/** The state of one lecture: changed in memory, kept in the database one change after the other, then told. */
export class LectureStateMachine {
  readonly #options: LectureStateMachineOptions;
  #lecture: Lecture;
  #endReason: LectureEndReason | null = null;
  #persisting: Promise<void> = Promise.resolve();

  constructor(options: LectureStateMachineOptions) {
    this.#options = options;
    this.#lecture = options.lecture;
  }

  get lecture(): Lecture {
    return this.#lecture;
  }

  get endReason(): LectureEndReason | null {
    return this.#endReason;
  }

  /**
   * False where the input changes nothing. Resolves when the change is kept and told; what a disk does not take now is
   * told all the same, but for the start and the end. @throws CodedError when these cannot be kept
   */
  async move(input: LectureInput): Promise<boolean> {
    const { persist, record, nowMs, logger } = this.#options;
    const state = nextLectureState(this.#lecture.state, input);
    if (!state) return false;
    const endedAt = state === 'ended' ? toInstant(nowMs()) : null;
    const before = this.#lecture;
    const lecture = { ...before, state, endedAt };
    this.#lecture = lecture;
    if (input.type === 'end') this.#endReason = input.reason;
    const persisted = this.#persisting.then(() => persist(lecture, this.#endReason));
    this.#persisting = persisted.catch((err: unknown) => logger.error({ err, lectureId: lecture.id, state }, 'lecture.persistFailed'));
    if (input.type === 'start' || input.type === 'end') await persisted.catch((err: unknown) => this.#undo(before, err));
    else await this.#persisting;
    await record(factOf(input)).catch((err: unknown) => logger.error({ err, lectureId: lecture.id, state }, 'lecture.recordFailed'));
    return true;
  }

  /** A start or an end that is not kept would come undone at a restart: the lecture is as before, and can be started or ended again. */
  #undo(before: Lecture, err: unknown): never {
    this.#lecture = before;
    this.#endReason = null;
    throw err;
  }

  /** Every change so far is in the database, or its failure is logged. */
  settled(): Promise<void> {
    return this.#persisting;
  }
}

function factOf(input: LectureInput): LectureEventBody {
  switch (input.type) {
    case 'start':
      return { type: 'lecture.started', data: {} };
    case 'mediaLost':
      return { type: 'lecture.interrupted', data: {} };
    case 'mediaArrived':
      return { type: 'lecture.resumed', data: {} };
    case 'end':
      return { type: 'lecture.ended', data: { reason: input.reason } };
  }
}
