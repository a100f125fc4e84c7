import type { MediaCloseReason } from './ports.ts';

/**
 * Why a participant or an encoder leaves. `removed`: from the lecture; `expelled`: from the course; `demoted`: the role allows
 * less than before; `signedOut`: the login ended; `moved`: another process owns the lecture.
 */
export type LeaveReason = 'left' | 'disconnected' | 'removed' | 'expelled' | 'demoted' | 'signedOut' | 'replaced' | 'lectureEnded' | 'stopping' | 'moved';

export function mediaReasonOf(reason: LeaveReason): MediaCloseReason {
  return reason === 'disconnected' || reason === 'left' ? 'participantLeft' : 'replaced';
}
