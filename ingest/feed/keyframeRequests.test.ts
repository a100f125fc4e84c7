import { describe, expect, it } from 'vitest';
import { asksForKeyframe } from './keyframeRequests.ts';

const receiverReport = Buffer.from('81c90007000000010000000200000000000000000000000000000000000000', 'hex');
const report = Buffer.concat([receiverReport, Buffer.alloc(32 - receiverReport.length)]);
const pli = Buffer.from('81ce00020000000100000002', 'hex');
const fir = Buffer.from('84ce000400000001000000020000000201000000', 'hex');
const remb = Buffer.from('8fce00040000000100000000524d424200000000', 'hex');

describe('asksForKeyframe', () => {
  it('hears a picture loss indication and a full intra request, also behind a report', () => {
    expect(asksForKeyframe(pli)).toBe(true);
    expect(asksForKeyframe(fir)).toBe(true);
    expect(asksForKeyframe(Buffer.concat([report, pli]))).toBe(true);
  });

  it('hears none in a report, in a bandwidth estimate, or in damaged bytes', () => {
    expect(asksForKeyframe(report)).toBe(false);
    expect(asksForKeyframe(remb)).toBe(false);
    expect(asksForKeyframe(Buffer.alloc(0))).toBe(false);
    expect(asksForKeyframe(Buffer.from('81ce', 'hex'))).toBe(false);
    expect(asksForKeyframe(Buffer.from('01ce000200000001', 'hex'))).toBe(false);
  });
});
