import { CodedError } from '../contract/index.ts';
import type { LectureEndReason, LectureState } from '../contract/index.ts';

/** Inputs that can change the state of a lecture. */
export type LectureInput =
  | { type: 'start' }
  | { type: 'mediaLost' }
  | { type: 'mediaArrived' }
  | { type: 'end'; reason: LectureEndReason };

/** The next state; undefined if the input changes nothing or is not allowed. */
export function nextLectureState(state: LectureState, input: LectureInput): LectureState | undefined {
  switch (input.type) {
    case 'start':
      return state === 'scheduled' ? 'live' : undefined;
    case 'mediaLost':
      return state === 'live' ? 'interrupted' : undefined;
    case 'mediaArrived':
      return state === 'interrupted' ? 'live' : undefined;
    case 'end':
      return state === 'live' || state === 'interrupted' ? 'ended' : undefined;
  }
}

export function isOnAir(state: LectureState): boolean {
  return state === 'live' || state === 'interrupted';
}

/** @throws CodedError `lecture.ended`, `lecture.notLive`, with sentences for the people who want to take part */
export function requireOnAir(state: LectureState): void {
  if (state === 'ended') throw new CodedError('lecture.ended', 'This lecture has ended. Open the course page to watch the recording.');
  if (!isOnAir(state)) throw new CodedError('lecture.notLive', 'This lecture has not started yet. Wait for the instructor to start it.');
}
