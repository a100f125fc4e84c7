import { describe, expect, it } from 'vitest';
import { requestsKeyframe } from './keyframeRequests.ts';

const receiverReport = Buffer.from('81c90007000000010000000200000000000000000000000000000000000000', 'hex');
const report = Buffer.concat([receiverReport, Buffer.alloc(32 - receiverReport.length)]);
const pli = Buffer.from('81ce00020000000100000002', 'hex');
const fir = Buffer.from('84ce000400000001000000020000000201000000', 'hex');
const remb = Buffer.from('8fce00040000000100000000524d424200000000', 'hex');

describe('requestsKeyframe', () => {
  it('finds a picture loss indication and a full intra request, also after a report', () => {
    expect(requestsKeyframe(pli)).toBe(true);
    expect(requestsKeyframe(fir)).toBe(true);
    expect(requestsKeyframe(Buffer.concat([report, pli]))).toBe(true);
  });

  it('finds none in a report, a bandwidth estimate, or damaged bytes', () => {
    expect(requestsKeyframe(report)).toBe(false);
    expect(requestsKeyframe(remb)).toBe(false);
    expect(requestsKeyframe(Buffer.alloc(0))).toBe(false);
    expect(requestsKeyframe(Buffer.from('81ce', 'hex'))).toBe(false);
    expect(requestsKeyframe(Buffer.from('01ce000200000001', 'hex'))).toBe(false);
  });
});
