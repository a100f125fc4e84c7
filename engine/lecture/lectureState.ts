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
