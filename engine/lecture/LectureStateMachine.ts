import type { Lecture, LectureEndReason, LectureEventBody } from '../contract/index.ts';
import { background } from '../kernel/background.ts';
import { toInstant } from '../kernel/Clock.ts';
import type { Logger } from '../kernel/Logger.ts';
import { nextLectureState } from './lectureState.ts';
import type { LectureInput } from './lectureState.ts';

export interface LectureStateMachineOptions {
  lecture: Lecture;
  /** Writes the state to the database. */
  persist: (lecture: Lecture, endReason: LectureEndReason | null) => Promise<void>;
  record: (event: LectureEventBody) => Promise<void>;
  nowMs: () => number;
  logger: Logger;
}

/**
 * The state of one lecture. A change is made in memory, then stored, then recorded as an event; changes are stored in order. Media
 * that is lost or arrives while an end is being stored counts when the end fails.
 */
export class LectureStateMachine {
  readonly #options: LectureStateMachineOptions;
  #lecture: Lecture;
  #endReason: LectureEndReason | null = null;
  #persisting: Promise<void> = Promise.resolve();
  /** The end that is being stored. */
  #ending: Promise<void> | undefined;
  /** The last input that the end in progress has swallowed. */
  #missed: LectureInput | undefined;

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

  /** The caller stores the title. */
  rename(title: string): void {
    this.#lecture = { ...this.#lecture, title };
  }

  /**
   * False if the input changes nothing. Resolves when the change is recorded. A start or an end that cannot be stored is
   * reverted; any other change is recorded even if it cannot be stored. @throws CodedError for a start or an end that cannot be stored
   */
  async move(input: LectureInput): Promise<boolean> {
    const { persist, record, nowMs, logger } = this.#options;
    const state = nextLectureState(this.#lecture.state, input);
    if (!state) return this.#ignore(input);
    const endedAt = state === 'ended' ? toInstant(nowMs()) : null;
    const before = this.#lecture;
    const lecture = { ...before, state, endedAt };
    this.#lecture = lecture;
    const endReason = input.type === 'end' ? input.reason : null;
    this.#endReason = endReason;
    const persisted = this.#persisting.then(() => persist(lecture, endReason));
    this.#persisting = persisted.catch((err: unknown) => logger.error({ err, lectureId: lecture.id, state }, 'lecture.persistFailed'));
    if (input.type === 'end') this.#ending = persisted;
    if (input.type === 'start' || input.type === 'end') await persisted.catch((err: unknown) => this.#revert(before, err));
    else await this.#persisting;
    this.#ending = undefined;
    await record(eventOf(input)).catch((err: unknown) => logger.error({ err, lectureId: lecture.id, state }, 'lecture.recordFailed'));
    return true;
  }

  /** A start or an end that is not stored would be undone by a restart. The caller can try again. */
  #revert({ state, endedAt }: Lecture, err: unknown): never {
    this.#lecture = { ...this.#lecture, state, endedAt };
    this.#endReason = null;
    this.#ending = undefined;
    const missed = this.#missed;
    this.#missed = undefined;
    if (missed) background('lecture.catchUp', this.move(missed), this.#options.logger);
    throw err;
  }

  /** An input that changes nothing. A second end shares the fate of the first. */
  async #ignore(input: LectureInput): Promise<false> {
    const ending = this.#ending;
    if (ending && input.type === 'end') await ending;
    else if (ending) this.#missed = input;
    return false;
  }

  /** Resolves when every change so far is stored, or its failure is logged. */
  settled(): Promise<void> {
    return this.#persisting;
  }
}

function eventOf(input: LectureInput): LectureEventBody {
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
