import { describe, expect, it } from 'vitest';
import { PendingWrites } from './PendingWrites.ts';

const startedAtMs = 1_000_000;
const fed = (unanswered: PendingWrites, count: number, nowMs: number) => {
  for (let write = 0; write < count; write += 1) unanswered.noteWrite(nowMs);
};

describe('A process that is fed', () => {
  it('hangs when it has said nothing for 2.5 s about several writes', () => {
    const unanswered = new PendingWrites(startedAtMs);
    unanswered.noteAnswer();
    fed(unanswered, 4, startedAtMs + 100);
    expect(unanswered.hangs(startedAtMs + 2600)).toBe(false);
    expect(unanswered.hangs(startedAtMs + 2601)).toBe(true);
    unanswered.noteAnswer();
    expect([unanswered.count, unanswered.hangs(startedAtMs + 2601)]).toEqual([0, false]);
  });

  it('is not silent while its source stands still, whether or not the last write was worth a word', () => {
    const unanswered = new PendingWrites(startedAtMs);
    unanswered.noteAnswer();
    fed(unanswered, 1, startedAtMs);
    expect(unanswered.silentMs(startedAtMs + 60_000)).toBe(0);
    fed(unanswered, 200, startedAtMs + 60_000);
    expect(unanswered.silentMs(startedAtMs + 60_500)).toBe(500);
  });

  it('has three seconds more before its first word', () => {
    const unanswered = new PendingWrites(startedAtMs);
    fed(unanswered, 10, startedAtMs);
    expect(unanswered.hangs(startedAtMs + 5500)).toBe(false);
    expect(unanswered.hangs(startedAtMs + 5501)).toBe(true);
  });
});
