import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../testing/index.ts';
import { ReorderBuffer } from './ReorderBuffer.ts';
import type { RtpPacket } from './rtpPacket.ts';

function open(maxPackets = 64, isReleased = true) {
  const clock = new ManualClock();
  const out: (number | string)[] = [];
  const buffer = new ReorderBuffer({
    clock,
    maxWaitMs: 500,
    maxPackets,
    onPacket: (packet) => out.push(packet.sequence),
    onLost: (count) => out.push(`lost ${count}`),
  });
  if (isReleased) buffer.release();
  const push = (...sequences: number[]) => sequences.forEach((sequence) => buffer.push(packet(sequence % 65_536)));
  return { clock, out, push, buffer };
}

const packet = (sequence: number): RtpPacket => ({ sequence, timestamp: 0, ssrc: 1, payloadType: 96, marker: false, payload: new Uint8Array(1) });

describe('ReorderBuffer', () => {
  it('delivers ordered packets at once', () => {
    const { out, push } = open();
    push(10, 11, 12);
    expect(out).toEqual([10, 11, 12]);
  });

  it('puts a late retransmission in its place, across the wrap of the sequence', () => {
    const { out, push } = open();
    push(65_534, 0, 1, 65_535, 2);
    expect(out).toEqual([65_534, 65_535, 0, 1, 2]);
  });

  it('holds all packets until it is released', () => {
    const { out, push, buffer } = open(64, false);
    push(3, 4, 6, 5);
    expect(out).toEqual([]);
    buffer.release();
    push(7);
    expect(out).toEqual([3, 4, 5, 6, 7]);
  });

  it('drops packets that arrive twice or too late', () => {
    const { out, push } = open();
    push(5, 5, 6, 4, 6, 7);
    expect(out).toEqual([5, 6, 7]);
  });

  it('declares missing packets lost after half a second', () => {
    const { out, push, clock } = open();
    push(1, 2, 5, 6);
    clock.advance(499);
    expect(out).toEqual([1, 2]);
    clock.advance(1);
    expect(out).toEqual([1, 2, 'lost 2', 5, 6]);
  });

  it('gives a second gap its full time', () => {
    const { out, push, clock } = open();
    push(1, 3);
    clock.advance(400);
    push(2, 5);
    clock.advance(200);
    expect(out).toEqual([1, 2, 3]);
    clock.advance(500);
    expect(out).toEqual([1, 2, 3, 'lost 1', 5]);
  });

  it('stops waiting when it holds the maximum number of packets', () => {
    const { out, push } = open(3);
    push(1, 3, 4, 5);
    expect(out).toEqual([1]);
    push(6);
    expect(out).toEqual([1, 'lost 1', 3, 4, 5, 6]);
  });

  it('delivers packets after gaps when it is flushed', () => {
    const { out, push, buffer } = open();
    push(1, 2, 4, 5, 7);
    buffer.flush();
    expect(out).toEqual([1, 2, 'lost 1', 4, 5, 'lost 1', 7]);
  });

  it('restarts after a jump of the sequence', () => {
    const { out, push } = open();
    push(1, 2, 20_000, 20_001);
    expect(out).toEqual([1, 2, 'lost 19997', 20_000, 20_001]);
  });

  it('keeps the order and repeats nothing, whatever arrives', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(400), { maxLength: 300 }), (sequences) => {
        const { out, push, clock } = open(16);
        push(...sequences);
        clock.advance(5000);
        const delivered = out.filter((entry) => typeof entry === 'number');
        expect(delivered).toEqual([...new Set(delivered)].sort((a, b) => a - b));
        expect(new Set(sequences).size === 0 || delivered.includes(Math.max(...sequences))).toBe(true);
      }),
    );
  });
});
