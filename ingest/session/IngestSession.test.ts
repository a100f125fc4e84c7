import { describe, expect, it } from 'vitest';
import { CourseId, LectureId } from '#engine/contract';
import { newId } from '#engine/kernel';
import { ManualClock, silentLogger } from '#engine/testing';
import type { IngestLecture } from '../IngestLectures.ts';
import { IngestSession } from './IngestSession.ts';

function newEncoder() {
  const clock = new ManualClock();
  const unreachable = () => Promise.reject(new Error('not asked for'));
  const lecture: IngestLecture = { lectureId: LectureId.parse(newId('lec')), openRtpIngress: unreachable, attach: unreachable, reportHealth: () => undefined, on: () => () => undefined };
  const ends: string[] = [];
  const encoder = new IngestSession({ courseId: CourseId.parse(newId('crs')), lecture, ffmpegCommand: 'ffmpeg', clock, logger: silentLogger, onEnded: (reason) => ends.push(reason) });
  return { clock, encoder, ends };
}

describe('An encoder', () => {
  it('leaves nothing behind that waits for its time when it ends', () => {
    const { clock, encoder, ends } = newEncoder();
    encoder.packet({ kind: 'audio', timestampMs: 0, body: Buffer.of(0xaf, 0, 0x12, 0x10) });
    clock.advance(2000);
    expect(clock.timers).toBeGreaterThan(0);
    encoder.end('encoderGone');
    expect(clock.timers).toBe(0);
    clock.advance(60_000);
    expect(ends).toEqual(['encoderGone']);
  });

  it('is refused when it does not bring both picture and sound in time', () => {
    const { clock, encoder, ends } = newEncoder();
    encoder.packet({ kind: 'audio', timestampMs: 0, body: Buffer.of(0xaf, 0, 0x12, 0x10) });
    clock.advance(5000);
    expect(ends).toEqual(['refused']);
    expect(clock.timers).toBe(0);
  });
});
