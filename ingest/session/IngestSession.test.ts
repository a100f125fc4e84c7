import { describe, expect, it } from 'vitest';
import { CodedError, CourseId, LectureId } from '#engine/contract';
import type { IngestHealth } from '#engine/contract';
import { newId } from '#engine/kernel';
import { buildAvcConfig } from '#engine/media';
import type { AudioFormat, EncodedFrame } from '#engine/media';
import { ManualClock, silentLogger, until } from '#engine/testing';
import { attachWithinMs } from '../limits.ts';
import type { IngestLecture, IngestLectureEvent, IngestSources } from '../IngestLectures.ts';
import { RecordedFrames } from '../testing/index.ts';
import { IngestSession } from './IngestSession.ts';

const aac: AudioFormat = { kind: 'audio', codec: 'aac', codecString: 'mp4a.40.2', decoderConfig: Buffer.of(0x12, 0x10), sampleRateHz: 44_100, channelCount: 2 };
const avc = buildAvcConfig({ spsUnits: [Buffer.from('6742c01ed900a02ff970110000030001000003003c0f162e48', 'hex')], ppsUnits: [Buffer.from('68cb83cb20', 'hex')] });
const frameAt = (atMs: number, isKeyframe: boolean): EncodedFrame => ({ decodeTimeUs: atMs * 1000, presentationTimeUs: atMs * 1000, isKeyframe, data: Buffer.alloc(8) });

function newSession(overrides: Partial<IngestLecture> = {}) {
  const listeners: ((event: IngestLectureEvent) => void)[] = [];
  const clock = new ManualClock();
  const unreachable = () => Promise.reject(new Error('not expected'));
  const healths: IngestHealth[] = [];
  const lecture: IngestLecture = { lectureId: LectureId.parse(newId('lec')), openRtpIngress: unreachable, attach: unreachable, reportHealth: (health) => void healths.push(health), on: (listener) => (listeners.push(listener), () => undefined), ...overrides };
  const ends: string[] = [];
  const session = new IngestSession({ courseId: CourseId.parse(newId('crs')), lecture, origin: { protocol: 'rtmp', displayName: 'Encoder' }, ffmpegCommand: 'ffmpeg', clock, logger: silentLogger, onEnded: (reason, problem) => ends.push(...(problem === null ? [reason] : [reason, problem])) });
  return { clock, session, ends, healths, notify: (event: IngestLectureEvent) => listeners.forEach((listener) => listener(event)) };
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

  it('ends when its process has lost the lecture, and asks the encoder to connect again', () => {
    const { clock, ends, notify } = newSession();
    notify({ type: 'lecture.moved' });
    expect(ends).toEqual(['stopping', 'The lecture continues on another server. Connect again.']);
    expect(clock.timers).toBe(0);
  });

  it('is refused when it does not receive both video and audio in time', () => {
    const { clock, session, ends } = newSession();
    session.arrived();
    session.audioFormat(aac);
    clock.advance(5000);
    expect(ends[0]).toBe('refused');
    expect(clock.timers).toBe(0);
  });

  it('names the configuration that could not be read when it is refused for missing video', () => {
    const { clock, session, healths } = newSession();
    session.arrived();
    session.audioFormat(aac);
    session.unreadable('video', 'the AVC configuration ends early');
    clock.advance(5000);
    expect(healths.at(-1)).toMatchObject({ state: 'refused', problem: expect.stringContaining('the AVC configuration ends early') as string });
  });

  it.each([
    ['ahead', 'faster than real time'],
    ['standing', 'do not advance'],
  ] as const)('advises the instructor while the timestamps are wrong: %s', (timing, sentence) => {
    const { clock, session, healths } = newSession();
    session.arrived();
    session.timing(timing);
    clock.advance(1000);
    expect(healths.at(-1)?.advice[0]).toContain(sentence);
    session.timing('good');
    clock.advance(1000);
    expect(healths.at(-1)?.advice).toEqual([]);
  });

  it('leaves nothing out of the recording when the lecture attaches it after its second keyframe', async () => {
    let sources: IngestSources | undefined;
    const { clock, session } = newSession({
      openRtpIngress: () => Promise.reject(new CodedError('media.unavailable', 'The room is being rebuilt.')),
      attach: (attached) => {
        sources = attached.sources;
        return new Promise(() => undefined);
      },
    });
    session.videoConfig(avc);
    session.audioFormat(aac);
    session.frame('audio', frameAt(0, true));
    for (const [atMs, isKeyframe] of [[1, true], [500, false], [1000, true], [1500, false]] as const) session.frame('video', frameAt(atMs, isKeyframe));
    clock.advance(attachWithinMs);
    const attached = await until('the session to attach', () => sources);
    session.frame('audio', frameAt(1600, true));
    const [video, audio] = [await RecordedFrames.from(attached.video.frames), await RecordedFrames.from(attached.audio.frames)];
    expect(video.frames.map(({ decodeTimeUs }) => decodeTimeUs / 1000)).toEqual([1, 500, 1000, 1500]);
    expect(audio.frames.map(({ decodeTimeUs }) => decodeTimeUs / 1000)).toEqual([0, 1600]);
    session.end('disconnected');
  });
});
