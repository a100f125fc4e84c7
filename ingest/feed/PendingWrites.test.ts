import { describe, expect, it } from 'vitest';
import { PendingWrites } from './PendingWrites.ts';

const startedAtMs = 1_000_000;
const write = (pending: PendingWrites, count: number, nowMs: number) => {
  for (let index = 0; index < count; index += 1) pending.noteWrite(nowMs);
};

describe('PendingWrites', () => {
  it('reports a hang after 2.5 s without output for several writes', () => {
    const pending = new PendingWrites(startedAtMs);
    pending.noteOutput();
    write(pending, 4, startedAtMs + 100);
    expect(pending.isHung(startedAtMs + 2600)).toBe(false);
    expect(pending.isHung(startedAtMs + 2601)).toBe(true);
    pending.noteOutput();
    expect([pending.count, pending.isHung(startedAtMs + 2601)]).toEqual([0, false]);
  });

  it('does not count the time in which the source stalls, with or without output for the last write', () => {
    const pending = new PendingWrites(startedAtMs);
    pending.noteOutput();
    write(pending, 1, startedAtMs);
    expect(pending.silentMs(startedAtMs + 60_000)).toBe(0);
    write(pending, 200, startedAtMs + 60_000);
    expect(pending.silentMs(startedAtMs + 60_500)).toBe(500);
  });

  it('allows three more seconds before the first output', () => {
    const pending = new PendingWrites(startedAtMs);
    write(pending, 10, startedAtMs);
    expect(pending.isHung(startedAtMs + 5500)).toBe(false);
    expect(pending.isHung(startedAtMs + 5501)).toBe(true);
  });
});
