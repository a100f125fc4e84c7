import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CodedError } from '#engine/contract';
import type { RtpIngress } from '#engine';
import { until } from '#engine/testing';
import { advisedVideo, obsAudio, obsVideo, pushWithFfmpeg, testVideo, testAudio } from '../testing/index.ts';
import type { FakeIngestLecture, FakeRtpIngress, Push } from '../testing/index.ts';
import { openTestIngest } from '../testing/openTestIngest.ts';
import type { TestIngest } from '../testing/openTestIngest.ts';

/** The timestamps of keyframes: a STAP-A with parameter sets begins each. */
const keyframeTicks = ({ packets }: FakeRtpIngress) => packets.filter(({ payload }) => ((payload[0] ?? 0) & 31) === 24 && ((payload[3] ?? 0) & 31) === 7).map(({ timestamp }) => timestamp);

/** The RTP timestamp of the newest frame of the source, whatever the delay of ffmpeg is. */
function newestTicks(lecture: FakeIngestLecture, { reports }: FakeRtpIngress): number {
  const report = reports[0]!;
  const reportMs = (report.readUInt32BE(8) - 2_208_988_800 + report.readUInt32BE(12) / 2 ** 32) * 1000;
  const newestMs = lecture.attachments[0]!.video.frames.at(-1)!.presentationTimeUs / 1000;
  return report.readUInt32BE(16) + (newestMs - reportMs) * 90;
}

describe('An encoder that publishes over RTMP', () => {
  let station: TestIngest;
  const pushes: Push[] = [];

  const push = (url: string, args: readonly string[]) => {
    const started = pushWithFfmpeg(url, args);
    pushes.push(started);
    return started;
  };

  beforeEach(async () => {
    station = await openTestIngest();
  });

  afterEach(async () => {
    await Promise.all(pushes.splice(0).map((each) => each.stop()));
    await station[Symbol.asyncDispose]();
  });

  it("with OBS's defaults is re-encoded for WebRTC and recorded frame by frame as it was sent", async () => {
    const { lecture, url } = await station.openCourse();
    const pushed = push(url, [...testVideo, ...testAudio, '-t', '6', ...obsVideo, ...obsAudio]);
    const { code, text } = await pushed.ended;
    expect({ code, text }).toEqual({ code: 0, text: '' });
    const [attachment] = lecture.attachments;
    await until('the encoder to be gone', () => attachment?.detached);

    expect(attachment?.detached).toBe('disconnected');
    const { video, audio } = attachment!;
    expect(video.formats).toMatchObject([{ codec: 'h264', widthPx: 640, heightPx: 360 }]);
    expect(audio.formats).toMatchObject([{ codec: 'aac', codecString: 'mp4a.40.2', sampleRateHz: 48_000, channelCount: 2 }]);
    expect(video.frames).toHaveLength(180);
    expect(video.frames.filter(({ isKeyframe }) => isKeyframe)).toHaveLength(1);
    expect(video.frames.some((frame, i) => frame.presentationTimeUs < (video.frames[i - 1]?.presentationTimeUs ?? 0))).toBe(true);
    const spanUs = video.frames.at(-1)!.decodeTimeUs - video.frames[0]!.decodeTimeUs;
    expect(Math.abs(spanUs - 179 * 33_333)).toBeLessThan(0.025 * spanUs);
    expect(Math.abs(audio.frames.length - (6 * 48_000) / 1024)).toBeLessThanOrEqual(2);
    expect(video.hasEnded && audio.hasEnded).toBe(true);
    expect(lecture.health).toMatchObject({ state: 'gone', hasBFrames: true, isReencoded: true, widthPx: 640 });
  });

  it('reaches the room as continuous H.264 and Opus with the SSRC and payload types of the ingresses', async () => {
    const { lecture, url } = await station.openCourse();
    push(url, [...testVideo, ...testAudio, '-t', '20', ...obsVideo, ...obsAudio]);
    const video = await until('video ingress', () => lecture.ingress('video'));
    const audio = await until('audio ingress', () => lecture.ingress('audio'));
    await until('three keyframes', () => keyframeTicks(video).length >= 3);
    await until('150 Opus packets', () => audio.packets.length >= 150);

    expect(new Set(video.packets.map(({ payloadType, ssrc }) => `${payloadType}/${ssrc}`))).toEqual(new Set([`102/${video.options.ssrc}`]));
    expect(new Set(audio.packets.map(({ payloadType, ssrc }) => `${payloadType}/${ssrc}`))).toEqual(new Set([`111/${audio.options.ssrc}`]));
    for (const { packets } of [video, audio]) {
      expect(packets.every((packet, i) => i === 0 || packet.sequence === ((packets[i - 1]!.sequence + 1) & 0xffff))).toBe(true);
    }
    const [first = 0, second = 0, third = 0] = keyframeTicks(video);
    expect(first).toBe(video.packets[0]!.timestamp);
    // Every 2 s, counted from the first re-encoded one: frames before it were decoded without output.
    expect((third - second) >>> 0).toBeCloseTo(180_000, -4);
    expect((second - first) >>> 0).toBeLessThan(190_000);
    const audioSteps = audio.packets.slice(1).map((packet, i) => (packet.timestamp - audio.packets[i]!.timestamp) >>> 0);
    expect(audioSteps.filter((step) => step !== 960)).toEqual([]);
    expect(video.reports.length * audio.reports.length).toBeGreaterThan(0);
    await until('health', () => lecture.health?.state === 'running');
    expect(lecture.health).toMatchObject({ hasBFrames: true, isReencoded: true, problem: null, audioSampleRateHz: 48_000 });
    expect(lecture.health?.advice[0]).toContain('zerolatency');
  });

  it('yields one keyframe at once for each request', async () => {
    const { lecture, url } = await station.openCourse();
    push(url, [...testVideo, ...testAudio, '-t', '30', ...obsVideo, ...obsAudio]);
    const video = await until('video ingress', () => lecture.ingress('video'));
    await until('two keyframes', () => keyframeTicks(video).length >= 2);
    for (let round = 1; round <= 2; round += 1) {
      const count = keyframeTicks(video).length;
      await until('a new keyframe', () => keyframeTicks(video).length > count);
      const requestedAt = newestTicks(lecture, video);
      video.requestKeyframe();
      const keyframe = await until('the requested keyframe', () => keyframeTicks(video)[count + 1]);
      // Before the next regular one, 2 s after the last.
      expect((keyframe - requestedAt) | 0).toBeLessThan(150_000);
      await until('the next regular keyframe', () => keyframeTicks(video)[count + 2]);
      expect((keyframeTicks(video)[count + 2]! - keyframe) >>> 0).toBeCloseTo(180_000, -4);
    }
  });

  it('stays in sync: RTP timestamps of both tracks map to the capture times of the source', async () => {
    const { lecture, url } = await station.openCourse();
    push(url, [...testVideo, ...testAudio, '-t', '10', ...obsVideo, ...obsAudio]);
    await until('both tracks', () => (lecture.ingress('video')?.packets.length ?? 0) > 100 && (lecture.ingress('audio')?.packets.length ?? 0) > 100);
    const attachment = lecture.attachments[0]!;
    const capturedMs = (ingress: FakeRtpIngress, clockRateHz: number) => {
      const report = ingress.reports[0]!;
      const reportMs = (report.readUInt32BE(8) - 2_208_988_800 + report.readUInt32BE(12) / 2 ** 32) * 1000;
      return ingress.packets.map(({ timestamp }) => reportMs + (((timestamp - report.readUInt32BE(16)) | 0) / clockRateHz) * 1000);
    };
    const shownMs = new Set(attachment.video.frames.map(({ presentationTimeUs }) => Math.round(presentationTimeUs / 1000)));
    const videoTimes = capturedMs(lecture.ingress('video')!, 90_000);
    const isShown = (ms: number) => [-2, -1, 0, 1, 2].some((off) => shownMs.has(Math.round(ms) + off));
    expect(videoTimes.filter((ms) => !isShown(ms))).toEqual([]);
    const firstAudioMs = attachment.audio.frames[0]!.decodeTimeUs / 1000;
    const phaseMs = (capturedMs(lecture.ingress('audio')!, 48_000)[0]! - firstAudioMs) % 20;
    // The Opus encoder looks 6.5 ms ahead; timestamps in FLV are whole milliseconds.
    expect(Math.min(Math.abs(phaseMs), Math.abs(20 - phaseMs), Math.abs(phaseMs + 20))).toBeLessThan(9);
  });

  it('is copied bit for bit when browsers can play it', async () => {
    const { lecture, url } = await station.openCourse();
    push(url, [...testVideo, ...testAudio, '-t', '20', ...advisedVideo, ...obsAudio]);
    const video = await until('video ingress', () => lecture.ingress('video'));
    await until('three keyframes', () => keyframeTicks(video).length >= 3);
    await until('health', () => lecture.health?.state === 'running' && lecture.health.keyframeIntervalSeconds !== null);
    expect(lecture.health).toMatchObject({ isReencoded: false, hasBFrames: false, advice: [] });
    expect(lecture.health?.keyframeIntervalSeconds).toBeCloseTo(1, 1);
    expect(lecture.health?.frameRate).toBeGreaterThan(15);
    const frames = lecture.attachments[0]!.video.frames;
    const keyframe = frames.find(({ isKeyframe }) => isKeyframe)!;
    const lastSlice = Buffer.from(keyframe.data.subarray(-200));
    expect(video.packets.some(({ payload }) => payload.includes(lastSlice))).toBe(true);
  });

  it('is re-encoded when the second keyframe is overdue, without a break in the sequence', async () => {
    const { lecture, url } = await station.openCourse();
    const rareKeyframes = advisedVideo.map((arg, i) => (advisedVideo[i - 1] === '-g' ? '240' : arg));
    push(url, [...testVideo, ...testAudio, '-t', '20', ...rareKeyframes, ...obsAudio]);
    const video = await until('video ingress', () => lecture.ingress('video'));
    await until('the feed', () => video.packets.length > 30);
    await until('four keyframes', () => keyframeTicks(video).length >= 4);
    expect(video.packets.every((packet, i) => i === 0 || packet.sequence === ((video.packets[i - 1]!.sequence + 1) & 0xffff))).toBe(true);
    const [, second = 0, third = 0] = keyframeTicks(video);
    expect((third - second) >>> 0).toBeCloseTo(180_000, -4);
    await until('advice', () => lecture.health?.isReencoded);
    expect(lecture.health?.advice.join()).toContain('Keyframe Interval: 1 s');
  });

  it('sends its video to a new room from the last keyframe on', async () => {
    const { lecture, url } = await station.openCourse();
    push(url, [...testVideo, ...testAudio, '-t', '20', ...obsVideo, ...obsAudio]);
    const before = await until('video ingress', () => lecture.ingress('video'));
    await until('video', () => before.packets.length > 50);
    lecture.loseRoom();
    lecture.returnRoom();
    const after = await until('a new video ingress', () => lecture.ingress('video'));
    expect(after).not.toBe(before);
    await until('the video from its last keyframe on', () => keyframeTicks(after).length > 0);
    expect(keyframeTicks(after)[0]).toBe(after.packets[0]!.timestamp);
    expect(lecture.attachments).toHaveLength(1);
    expect(lecture.attachments[0]).toMatchObject({ reconnections: 1, detached: undefined });
    expect(lecture.attachments[0]!.video.gaps).toBe(0);
  });

  it('is recorded from its first frame on while the room does not respond, and is live when it does', async () => {
    const { lecture, url } = await station.openCourse();
    const openRtpIngress = lecture.openRtpIngress.bind(lecture);
    const hung = Promise.withResolvers<RtpIngress>();
    lecture.openRtpIngress = () => hung.promise;
    const longGroups = advisedVideo.map((arg, i) => (advisedVideo[i - 1] === '-g' ? '60' : arg));
    const pushed = push(url, [...testVideo, ...testAudio, '-t', '8', ...longGroups, ...obsAudio]);
    const attachment = await until('the recording to begin', () => lecture.attached[0]);
    await until('four seconds of it', () => attachment.video.frames.length > 120);
    lecture.openRtpIngress = openRtpIngress;
    hung.reject(new CodedError('media.unavailable', 'The worker died.'));
    await until('the room to carry it', () => attachment.reconnections === 1);
    expect((await pushed.ended).code).toBe(0);
    await until('the end', () => attachment.detached);
    expect(lecture.ingresses[0]?.packets.length).toBeGreaterThan(50);
    expect(lecture.attachments).toHaveLength(1);
    expect(attachment).toMatchObject({ reconnections: 1, detached: 'disconnected' });
    expect(attachment.video.frames).toHaveLength(240);
  });

  it('is closed when the lecture ends', async () => {
    const { lecture, url } = await station.openCourse();
    const pushed = push(url, [...testVideo, ...testAudio, ...advisedVideo, ...obsAudio]);
    await until('attached', () => lecture.attached.length === 1);
    lecture.end();
    await pushed.ended;
    expect(lecture.attachments[0]?.detached).toBe('stopping');
  });

  it('continues live within seconds when its ffmpeg is killed, and the recording misses nothing', async () => {
    const { lecture, url } = await station.openCourse();
    push(url, [...testVideo, ...testAudio, '-t', '20', ...obsVideo, ...obsAudio]);
    const video = await until('video ingress', () => lecture.ingress('video'));
    await until('video', () => keyframeTicks(video).length >= 2);
    const started = station.log.findLast(({ msg, process: name }) => msg === 'ffmpeg.started' && name === 'ffmpeg.video');
    process.kill(started?.pid as number, 'SIGKILL');
    await until('the failure to be logged', () => station.log.some(({ msg }) => msg === 'ffmpeg.failed'));
    const packetsBefore = video.packets.length;
    const keyframesBefore = keyframeTicks(video).length;
    await until('video again', () => keyframeTicks(video).length > keyframesBefore);
    expect(video.packets[packetsBefore]?.sequence).toBe((video.packets[packetsBefore - 1]!.sequence + 1) & 0xffff);
    const frames = lecture.attachments[0]!.video.frames;
    expect(frames.every((frame, i) => i === 0 || frame.decodeTimeUs - frames[i - 1]!.decodeTimeUs < 60_000)).toBe(true);
  });

  it('continues live when its ffmpeg hangs', async () => {
    const { lecture, url } = await station.openCourse();
    push(url, [...testVideo, ...testAudio, '-t', '30', ...obsVideo, ...obsAudio]);
    const video = await until('video ingress', () => lecture.ingress('video'));
    await until('video', () => keyframeTicks(video).length >= 1);
    const started = station.log.findLast(({ msg, process: name }) => msg === 'ffmpeg.started' && name === 'ffmpeg.video');
    process.kill(started?.pid as number, 'SIGSTOP');
    await until('the hang to be noticed', () => station.log.some(({ msg, trouble }) => msg === 'ffmpeg.failed' && trouble === 'stalled'));
    const keyframesBefore = keyframeTicks(video).length;
    await until('video again', () => keyframeTicks(video).length > keyframesBefore);
    expect(() => process.kill(started?.pid as number, 0)).toThrow('ESRCH');
  });

  it('is recorded when ffmpeg cannot be run, with a problem for the instructor', async () => {
    await using broken = await openTestIngest({ config: { LECTERN_FFMPEG: '/nowhere/ffmpeg' } });
    const { lecture, url } = await broken.openCourse();
    push(url, [...testVideo, ...testAudio, '-t', '30', ...obsVideo, ...obsAudio]);
    await until('the problem', () => lecture.health?.problem?.includes('ffmpeg keeps failing'));
    const framesBefore = lecture.attachments[0]!.video.frames.length;
    await until('more frames for the recording', () => lecture.attachments[0]!.video.frames.length > framesBefore + 30);
  });
});
