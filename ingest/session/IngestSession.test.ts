import { describe, expect, it } from 'vitest';
import { CourseId, LectureId } from '#engine/contract';
import { newId } from '#engine/kernel';
import type { AudioFormat } from '#engine/media';
import { ManualClock, silentLogger } from '#engine/testing';
import type { IngestLecture } from '../IngestLectures.ts';
import { IngestSession } from './IngestSession.ts';

const aac: AudioFormat = { kind: 'audio', codec: 'aac', codecString: 'mp4a.40.2', decoderConfig: Buffer.of(0x12, 0x10), sampleRateHz: 44_100, channelCount: 2 };

function newSession() {
  const clock = new ManualClock();
  const unreachable = () => Promise.reject(new Error('not expected'));
  const lecture: IngestLecture = { lectureId: LectureId.parse(newId('lec')), openRtpIngress: unreachable, attach: unreachable, reportHealth: () => undefined, on: () => () => undefined };
  const ends: string[] = [];
  const session = new IngestSession({ courseId: CourseId.parse(newId('crs')), lecture, origin: { protocol: 'rtmp', displayName: 'Encoder' }, ffmpegCommand: 'ffmpeg', clock, logger: silentLogger, onEnded: (reason) => ends.push(reason) });
  return { clock, session, ends };
}

describe('IngestSession', () => {
  it('leaves no timer when it ends', () => {
    const { clock, session, ends } = newSession();
    session.arrived();
    session.audioFormat(aac);
    clock.advance(2000);
    expect(clock.timers).toBeGreaterThan(0);
    session.end('disconnected');
    expect(clock.timers).toBe(0);
    clock.advance(60_000);
    expect(ends).toEqual(['disconnected']);
  });

  it('is refused when it does not receive both video and audio in time', () => {
    const { clock, session, ends } = newSession();
    session.arrived();
    session.audioFormat(aac);
    clock.advance(5000);
    expect(ends).toEqual(['refused']);
    expect(clock.timers).toBe(0);
  });
});
