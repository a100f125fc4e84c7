import { describe, expect, it } from 'vitest';
import { parseAudioConfig } from '#engine/media';
import type { EncodedFrame } from '#engine/media';
import type { EpochStart } from '../../journal/rows.ts';
import { expectNoGaps, inMs, segmentRuns } from '../../testing/segmentRuns.ts';
import type { Run } from '../../testing/segmentRuns.ts';
import { audioFormat, videoFrames, audioFrames, videoFormat } from '../../testing/frames.ts';
import { blackFormat } from '../filler/blackFrame.ts';
import { timescaleOf } from '../fmp4/initSegment.ts';
import { GroupSegmenter } from './GroupSegmenter.ts';
import type { CompleteSegment } from './CompleteSegment.ts';

const video = (fromMs: number, durationMs: number, more: Partial<Run> & { keyframeEveryMs?: number } = {}): Run => ({
  track: 'main-video',
  format: videoFormat(),
  frames: videoFrames({ fromMs, durationMs, keyframeEveryMs: more.keyframeEveryMs }),
  ...more,
});
const audio = (fromMs: number, durationMs: number, codec: 'aac' | 'opus' = 'aac'): Run => ({
  track: 'main-audio',
  format: audioFormat(codec),
  frames: audioFrames({ fromMs, durationMs, codec }),
});

/** Frames whose last byte is their number. */
const sparseFrames = (timesMs: readonly number[], keyframeEvery: number): EncodedFrame[] =>
  timesMs.map((ms, index) => ({ decodeTimeUs: ms * 1000, presentationTimeUs: ms * 1000, isKeyframe: index % keyframeEvery === 0, data: Uint8Array.of(0, 0, 0, 1, index) }));

/** The number of the frame that is shown at a time. */
function shownAt(segments: readonly ReturnType<typeof inMs>[], ms: number): number | undefined {
  const segment = segments.find(({ startMs, endMs }) => startMs <= ms && ms < endMs);
  let atMs = segment?.startMs ?? 0;
  for (const { durationTicks, data } of segment?.samples ?? []) {
    atMs += durationTicks / 90;
    if (ms < atMs) return data[4];
  }
  return undefined;
}

describe('A group of tracks', () => {
  it('ends video segments at the first keyframe after two seconds, and audio segments at two seconds', () => {
    const { video: videoSegments, audio: audioSegments, epochs } = segmentRuns([video(0, 20_000, { keyframeEveryMs: 1500 }), audio(0, 20_000)]);
    expect(videoSegments.map((segment) => Math.round(segment.startMs))).toEqual([0, 3000, 6000, 9000, 12_000, 15_000, 18_000]);
    expect(videoSegments.every((segment) => segment.isIndependent && !segment.isFiller)).toBe(true);
    expect(audioSegments[1]?.startMs).toBeCloseTo(2005.33, 1);
    expect(epochs).toHaveLength(1);
  });

  it('ends segments every two seconds when keyframes come every two seconds by the clock of a camera', () => {
    const { video: videoSegments } = segmentRuns([video(0, 20_000, { frames: videoFrames({ fromMs: 0, durationMs: 20_000, frameRate: 30.1 }) })]);
    expect(Math.max(...videoSegments.map((segment) => segment.endMs - segment.startMs))).toBeLessThan(2100);
  });

  it('keeps a keyframe interval of 8.33 s in one segment, and ends a segment after ten seconds without a keyframe', () => {
    expect(segmentRuns([video(0, 25_000, { keyframeEveryMs: 8333 })]).video.map((segment) => Math.round(segment.startMs))).toEqual([0, 8333, 16_667]);
    const rare = segmentRuns([video(0, 25_000, { keyframeEveryMs: 60_000 })]).video;
    expect(rare.map((segment) => segment.isIndependent)).toEqual([true, false, false]);
    expect(Math.max(...rare.map((segment) => segment.endMs - segment.startMs))).toBeLessThan(10_500);
  });

  it.each([100, -100])('keeps audio in sync with video for two hours when its clock is %i ppm off', (ppm) => {
    const hours = { fromMs: 0, durationMs: 2 * 3_600_000 };
    const frames = audioFrames({ ...hours, codec: 'opus' }).map((frame) => {
      const timeUs = Math.round(frame.decodeTimeUs * (1 - ppm / 1e6));
      return { ...frame, decodeTimeUs: timeUs, presentationTimeUs: timeUs };
    });
    const { video: videoSegments, segments, epochs } = segmentRuns([
      { track: 'main-video', format: videoFormat(), frames: videoFrames({ ...hours, frameRate: 1 }) },
      { track: 'main-audio', format: audioFormat('opus'), frames },
    ]);
    const timeOf = new Map(frames.map((frame) => [frame.data, frame.presentationTimeUs / 1000]));
    let worstMs = 0;
    for (const segment of segments.filter(({ track }) => track === 'main-audio')) {
      let ticks = segment.startTicks;
      for (const sample of segment.samples) {
        worstMs = Math.max(worstMs, Math.abs(ticks / 48 - (timeOf.get(sample.data) ?? ticks / 48)));
        ticks += sample.durationTicks;
      }
    }
    expect(worstMs).toBeLessThanOrEqual(41);
    expect(epochs).toHaveLength(1);
    expect(videoSegments.every((segment) => !segment.isFiller)).toBe(true);
  });

  it('does not pass rounded timestamps on to the audio', () => {
    const { segments } = segmentRuns([audio(0, 10_000)]);
    expect(new Set(segments.flatMap((segment) => segment.samples.map((sample) => sample.durationTicks)))).toEqual(new Set([1024]));
  });

  it.each([
    ['hierarchically', '2b118800'],
    ['backward-compatibly', '131056e598'],
  ])('has no gaps in audio with spectral band replication signalled %s, whose frames last twice as long', (_, config) => {
    const frameUs = 2048e6 / 48_000;
    const frames = Array.from({ length: 234 }, (_frame, index): EncodedFrame => {
      const timeUs = Math.round((index * frameUs) / 1000) * 1000;
      return { decodeTimeUs: timeUs, presentationTimeUs: timeUs, isKeyframe: true, data: Uint8Array.of(0x21, index) };
    });
    const { audio: audioSegments, segments } = segmentRuns([{ track: 'main-audio', format: parseAudioConfig(Buffer.from(config, 'hex')), frames }]);
    expect(audioSegments).toHaveLength(5);
    expectNoGaps(audioSegments);
    expect(new Set(segments.flatMap((segment) => segment.samples.map((sample) => sample.durationTicks)))).toEqual(new Set([2048]));
  });

  it.each([
    ['5.1', '11b0', 1024],
    ['HE-AAC', '2b118800', 2048],
    ['mono HE-AAC v2', 'eb098800', 2048],
  ])('fills the time before %s audio with silence, so that it can be played from the start', (_, config, samples) => {
    const frames = Array.from({ length: 100 }, (_frame, index): EncodedFrame => {
      const timeUs = Math.round(5_000_000 + (index * samples * 1e6) / 48_000);
      return { decodeTimeUs: timeUs, presentationTimeUs: timeUs, isKeyframe: true, data: Uint8Array.of(0x21, index) };
    });
    const { audio: audioSegments } = segmentRuns([{ track: 'main-audio', format: parseAudioConfig(Buffer.from(config, 'hex')), frames }]);
    expect(audioSegments[0]).toMatchObject({ startMs: 0, isFiller: true });
    expectNoGaps(audioSegments);
  });

  it('keeps the timescale of the audio when its sampling rate changes, for readers that keep the first init segment', () => {
    const frames = Array.from({ length: 2584 }, (_, index) => ({ ...(audioFrames({ fromMs: 0, durationMs: 40 })[0] as EncodedFrame), decodeTimeUs: Math.round((index * 1024e3) / 44_100) * 1000, presentationTimeUs: Math.round((index * 1024e3) / 44_100) * 1000 }));
    const { segments, audio: audioSegments, epochs } = segmentRuns([{ track: 'main-audio', format: audioFormat('aac', 44_100), frames }, audio(60_000, 10_000)]);
    expect(new Set(segments.map((segment) => timescaleOf(segment.format)))).toEqual(new Set([48_000]));
    expectNoGaps(audioSegments);
    expect(epochs).toHaveLength(2);
    const before = audioSegments.filter((segment) => segment.epoch === 0);
    expect(before.at(-1)?.endMs).toBeCloseTo((2584 * 1024e3) / 44_100, 1);
    expect(audioSegments.at(-1)?.endMs).toBeCloseTo(70_000, -2);
  });

  it('follows an audio clock that drifts, and drops repeated frames', () => {
    const slow = audio(0, 60_000);
    slow.frames = slow.frames.map((frame, index) => ({ ...frame, presentationTimeUs: frame.presentationTimeUs + index * 100, decodeTimeUs: frame.decodeTimeUs + index * 100 }));
    const last = slow.frames.at(-1);
    expect(Math.abs((segmentRuns([slow]).audio.at(-1)?.endMs ?? 0) - ((last?.decodeTimeUs ?? 0) / 1000 + 21.3))).toBeLessThan(62);
    const twice = audio(0, 4000);
    const { segmenter, audio: audioSegments } = segmentRuns([twice, { ...twice, frames: twice.frames.slice(50, 60), isNewSource: false }]);
    expect(segmenter.droppedFrames).toBeGreaterThanOrEqual(8);
    expect(Math.abs((audioSegments.at(-1)?.endMs ?? 0) - 4000)).toBeLessThan(62);
  });

  it('shows a late first frame from the start, and black before a very late one', () => {
    const early = segmentRuns([video(800, 4000), audio(0, 5000)]);
    expect(early.video[0]).toMatchObject({ startMs: 0, epoch: 0, isFiller: false });
    expect(early.epochs).toHaveLength(1);
    const late = segmentRuns([video(12_000, 4000), audio(0, 16_000)]);
    expect(late.video.map((segment) => [Math.round(segment.startMs), segment.isFiller, segment.epoch])).toEqual([
      [0, true, 0],
      [10_000, true, 0],
      [12_000, false, 1],
      [14_000, false, 1],
    ]);
  });

  it('tells how much later its source presents frames, also while the first frame is shown until it comes', () => {
    const withRoomForBFrames = videoFrames({ fromMs: 800, durationMs: 4000 }).map((frame) => ({ ...frame, presentationTimeUs: frame.decodeTimeUs + 80_000 }));
    const { video: segments } = segmentRuns([{ ...video(800, 4000), frames: withRoomForBFrames }, audio(0, 5000)]);
    expect(segments.map(({ sourceDelayTicks }) => sourceDelayTicks)).toEqual(segments.map(() => 7200));
  });

  it('fills the gaps of a microphone with silence and those of a camera with black while the other continues', () => {
    const { video: videoSegments, audio: audioSegments, epochs } = segmentRuns([
      video(0, 10_000), video(30_000, 10_000, { isNewSource: false }), audio(0, 20_000), { ...audio(25_000, 15_000), isNewSource: false },
    ]);
    expect(epochs.map((start) => Math.round(start.startMs))).toEqual([0, 10_000, 30_000]);
    expect(videoSegments.filter((segment) => segment.isFiller).map((segment) => segment.epoch)).toEqual(Array.from({ length: 10 }, () => 1));
    expect(audioSegments.map((segment) => segment.epoch)).toEqual([...audioSegments.map((segment) => segment.epoch)].sort());
    expectNoGaps(videoSegments);
    expectNoGaps(audioSegments);
  });

  it('fills a gap while the other track continues, not only when the track returns', () => {
    const { video: videoSegments } = segmentRuns([video(0, 10_000), audio(0, 60_000)], { isFinished: false });
    expect(videoSegments.at(-1)?.endMs).toBeGreaterThan(52_000);
  });

  it('begins one epoch when the broadcaster returns with another encoder after an outage', () => {
    for (const audioDelayMs of [-300, 0, 300]) {
      const { epochs, video: videoSegments, audio: audioSegments } = segmentRuns([
        video(0, 10_000), audio(0, 10_020), video(40_000, 10_000, { format: videoFormat(1) }), audio(40_000 + audioDelayMs, 10_000, 'opus'),
      ]);
      expect(epochs.length).toBe(3);
      for (const segments of [videoSegments, audioSegments]) expect(new Set(segments.map((segment) => segment.epoch))).toEqual(new Set([0, 1, 2]));
      expect(videoSegments.at(-1)?.epoch).toBe(2);
      expect(audioSegments.at(-1)?.epoch).toBe(2);
    }
  });

  it('begins an epoch for video from another source of the same format, but not for audio', () => {
    expect(segmentRuns([video(0, 10_000), video(10_033, 5000), audio(0, 15_000)]).epochs).toHaveLength(2);
    expect(segmentRuns([video(0, 15_000), audio(0, 10_000), audio(10_000, 5000)]).epochs).toHaveLength(1);
  });

  it('begins no epoch for audio of another format that is older than the recorded audio', () => {
    const { epochs, segmenter, video: videoSegments, audio: audioSegments } = segmentRuns([video(0, 10_000), audio(0, 10_000), audio(4000, 5000, 'opus')]);
    expect(epochs).toHaveLength(1);
    for (const segments of [videoSegments, audioSegments]) expect(new Set(segments.map((segment) => segment.epoch))).toEqual(new Set([0]));
    expect(segmenter.droppedFrames).toBeGreaterThan(200);
  });

  it('changes the audio format with the first frame that is newer than the recorded audio', () => {
    const { epochs, audio: audioSegments } = segmentRuns([video(0, 10_000), audio(0, 6000), audio(4000, 6000, 'opus')]);
    expect(epochs.map((start) => Math.round(start.startMs / 100))).toEqual([0, 60]);
    expect(audioSegments.find((segment) => segment.format.codec === 'opus')).toMatchObject({ epoch: 1, isFiller: false });
    expectNoGaps(audioSegments);
  });

  it.each([
      ['stays away', [audio(10_100, 60_000)]],
      ['returns', [audio(10_100, 60_000), video(50_000, 10_000)]],
    ])('has its discontinuities at the same times after restarts in quick succession, when the video %s', (_, runs) => {
    const epochs = Array.from({ length: 7 }, (__, epoch) => ({ epoch, startMs: epoch === 0 ? 0 : 10_000 }));
    const ends = { 'main-video': { endUs: 10e6, epoch: 0, format: blackFormat({ widthPx: 320, heightPx: 180 }) }, 'main-audio': { endUs: 10e6, epoch: 0, format: audioFormat() } };
    const { video: videoSegments, audio: audioSegments } = segmentRuns(runs, { resume: { epochs, ends } });
    const startsOf = (segments: typeof videoSegments) => [...new Map(segments.toReversed().map((segment) => [segment.epoch, segment.startMs]))].reverse().filter(([epoch]) => epoch < 7);
    const [videoStarts, audioStarts] = [startsOf(videoSegments), startsOf(audioSegments)];
    expect(videoStarts.map(([epoch]) => epoch)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(audioStarts.map(([epoch]) => epoch)).toEqual([1, 2, 3, 4, 5, 6]);
    for (const [index, [, startMs]] of videoStarts.entries()) expect(Math.abs(startMs - (audioStarts[index]?.[1] ?? 0))).toBeLessThan(100);
  });

  it.each([
    ['sends three frames and then none', [0, 1000, 2000], 3],
    ['sends a frame every two seconds and no further keyframe', Array.from({ length: 15 }, (_, index) => index * 2000), 15],
    ['sends a keyframe every five seconds', Array.from({ length: 6 }, (_, index) => index * 5000), 1],
  ])('holds the last frame of a source that %s, as long as it is published', (_, timesMs, keyframeEvery) => {
    const frames = sparseFrames(timesMs, keyframeEvery);
    const { video: videoSegments, audio: audioSegments, epochs } = segmentRuns([video(0, 0, { frames, staysPublished: true }), audio(0, 30_000)]);
    expect(videoSegments.map(({ isFiller, isIndependent }) => [isFiller, isIndependent])).toEqual(videoSegments.map(() => [false, true]));
    expect(epochs).toHaveLength(1);
    expectNoGaps(videoSegments);
    expectNoGaps(audioSegments);
    expect(videoSegments.at(-1)?.endMs).toBeCloseTo(audioSegments.at(-1)?.endMs ?? 0, 0);
    expect(Math.max(...videoSegments.map(({ startMs, endMs }) => endMs - startMs))).toBeLessThanOrEqual(10_250);
    for (let ms = 100; ms < 29_000; ms += 500) expect(shownAt(videoSegments, ms)).toBe(timesMs.findLastIndex((timeMs) => timeMs <= ms));
  });

  it('holds the last frame until its source is paused, and shows black from then on', () => {
    const { video: videoSegments } = segmentRuns([video(0, 0, { frames: sparseFrames([0, 1000], 2), staysPublished: true }), audio(0, 60_000)], { absentAtMs: { 'main-video': 20_000 } });
    expect(videoSegments.find(({ isFiller }) => isFiller)?.startMs).toBeCloseTo(20_000, -2);
    expectNoGaps(videoSegments);
  });

  it('shows black where nothing arrived from any track, although the sources are published', () => {
    const silence = { fromMs: 5000, toMs: 20_000 };
    const isSent = ({ decodeTimeUs }: EncodedFrame) => decodeTimeUs < silence.fromMs * 1000 || decodeTimeUs >= silence.toMs * 1000;
    const [sentVideo, sentAudio] = [video(0, 30_000), audio(0, 30_000)];
    const { video: videoSegments } = segmentRuns([
      { ...sentVideo, frames: sentVideo.frames.filter(isSent), staysPublished: true },
      { ...sentAudio, frames: sentAudio.frames.filter(isSent), staysPublished: true },
    ]);
    const black = videoSegments.filter(({ isFiller }) => isFiller);
    expect(black.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0)).toBeGreaterThan(13_000);
    expect(black.every(({ startMs, endMs }) => startMs > 4900 && endMs < 20_100)).toBe(true);
  });

  it('holds the frame of a screen that is the only track of its group, as time passes', () => {
    const segments: CompleteSegment[] = [];
    const segmenter = new GroupSegmenter({ tracks: ['screen-video'], zeroUs: 0, targetSegmentMs: 2000, onSegment: (segment) => segments.push(segment), onEpochs: () => undefined });
    segmenter.format('screen-video', videoFormat(), true);
    for (const frame of sparseFrames([0, 500], 2)) segmenter.frame('screen-video', frame);
    segmenter.flush();
    for (let ms = 1000; ms <= 40_000; ms += 1000) segmenter.advance(ms * 1000);
    expect(segments.map(inMs).at(-1)?.endMs).toBeGreaterThan(29_000);
    const [next] = sparseFrames([45_000], 1);
    if (next) segmenter.frame('screen-video', { ...next, isKeyframe: false });
    segmenter.finish();
    expectNoGaps(segments.map(inMs));
    expect(segments.every(({ isFiller, isIndependent }) => !isFiller && isIndependent)).toBe(true);
    expect(segmenter.droppedFrames).toBe(0);
  });

  it('repeats no frames of a source with a usual frame rate', () => {
    const { segments } = segmentRuns([video(0, 60_000, { keyframeEveryMs: 30_000 }), audio(0, 60_000)]);
    expect(segments.flatMap(({ samples }) => samples).filter(({ isRepeated }) => isRepeated)).toEqual([]);
  });

  it('continues after the segments of an earlier run', () => {
    const segments: CompleteSegment[] = [];
    const epochs: EpochStart[][] = [];
    const resume = { epochs: [{ epoch: 0, startMs: 0 }], ends: { 'main-video': { endUs: 10e6, epoch: 0 }, 'main-audio': { endUs: 11e6, epoch: 0 } } };
    const segmenter = new GroupSegmenter({ tracks: ['main-video', 'main-audio'], zeroUs: 0, targetSegmentMs: 2000, resume, onSegment: (segment) => segments.push(segment), onEpochs: (starts) => epochs.push([...starts]) });
    segmenter.format('main-video', videoFormat(), false);
    segmenter.format('main-audio', audioFormat(), false);
    for (const frame of videoFrames({ fromMs: 20_000, durationMs: 4000 })) segmenter.frame('main-video', frame);
    for (const frame of audioFrames({ fromMs: 20_000, durationMs: 4000 })) segmenter.frame('main-audio', frame);
    segmenter.finish();
    expect(epochs[0]?.at(-1)).toEqual({ epoch: 1, startMs: 10_000 });
    expect(Math.min(...segments.map((segment) => segment.epoch))).toBe(1);
    expect(segments.find((segment) => segment.track === 'main-audio')?.startTicks).toBe(11 * 48_000);
    expect(segments.find((segment) => segment.track === 'main-video')?.startTicks).toBe(10 * 90_000);
  });
});
