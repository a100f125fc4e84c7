import { describe, expect, it } from 'vitest';
import { slowModeWaitSeconds } from './slowModeWaitSeconds.ts';

const student = { slowModeMs: 30_000, isModerator: false, lastOwnAtMs: 100_000, clockMs: 100_000 };

describe('slow mode', () => {
  it('counts whole seconds until the next message', () => {
    expect(slowModeWaitSeconds(student)).toBe(30);
    expect(slowModeWaitSeconds({ ...student, clockMs: 129_001 })).toBe(1);
    expect(slowModeWaitSeconds({ ...student, clockMs: 130_000 })).toBe(0);
  });

  it('does not apply before the first message, to moderators, or while it is off', () => {
    expect(slowModeWaitSeconds({ ...student, lastOwnAtMs: undefined })).toBe(0);
    expect(slowModeWaitSeconds({ ...student, isModerator: true })).toBe(0);
    expect(slowModeWaitSeconds({ ...student, slowModeMs: 0 })).toBe(0);
  });
});
