import { describe, expect, it } from 'vitest';
import { StreamMeter } from './StreamMeter.ts';

const clockRate = 90_000;

/** Sends packets of a stream of 25 frames a second to a meter, each `delayMs` after its time. */
function feed(meter: StreamMeter, { from, count, delayMs = () => 5, skip = [] }: { from: number; count: number; delayMs?: (index: number) => number; skip?: number[] }) {
  const gaps = [];
  for (let index = from; index < from + count; index += 1) {
    if (skip.includes(index)) continue;
    const packet = Buffer.alloc(100);
    packet.writeUInt16BE(index & 0xffff, 2);
    packet.writeUInt32BE((index * 3600) >>> 0, 4);
    const gap = meter.receive(packet, index * 40 + delayMs(index));
    if (gap) gaps.push(gap);
  }
  return gaps;
}

describe('the meter of a stream', () => {
  it('counts the packets of a steady stream, over a wrap of their numbers', () => {
    const meter = new StreamMeter(clockRate);
    feed(meter, { from: 65_500, count: 10 });
    meter.mark(65_510 * 40);
    expect(feed(meter, { from: 65_510, count: 100 })).toEqual([]);
    expect(meter.count()).toMatchObject({ packets: 100, bytes: 10_000, lost: 0, late: 0, worstDelayMs: 0 });
  });

  it('finds missing packets, and returns them for a NACK', () => {
    const meter = new StreamMeter(clockRate);
    feed(meter, { from: 0, count: 10 });
    meter.mark(400);
    expect(feed(meter, { from: 10, count: 50, skip: [20, 21, 40] })).toEqual([{ missingFrom: 20, missingCount: 2 }, { missingFrom: 40, missingCount: 1 }]);
    expect(meter.count()).toMatchObject({ packets: 47, lost: 3 });
  });

  it('does not report reordered packets as missing', () => {
    const meter = new StreamMeter(clockRate);
    feed(meter, { from: 0, count: 10 });
    meter.mark(400);
    feed(meter, { from: 10, count: 20, skip: [15] });
    feed(meter, { from: 15, count: 1, delayMs: () => 600 });
    expect(meter.count()).toMatchObject({ packets: 20, lost: 0 });
  });

  it('counts a packet as late that is more than 100 ms behind the pace of the stream', () => {
    const meter = new StreamMeter(clockRate);
    feed(meter, { from: 0, count: 10 });
    meter.mark(400);
    feed(meter, { from: 10, count: 100, delayMs: (index) => (index >= 80 && index < 84 ? 106 : index === 90 ? 104 : 5) });
    const { late, worstDelayMs } = meter.count();
    expect(late).toBe(4);
    expect(worstDelayMs).toBeCloseTo(101, 5);
  });
});
