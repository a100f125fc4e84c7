import * as fc from 'fast-check';
import hlsParser from 'hls-parser';
import { describe, expect, it } from 'vitest';
import type { EncodedFrame, TrackFormat } from '#engine/media';
import type { EpochStart } from '../../journal/rows.ts';
import { cutsToListing } from '../../testing/cutsToListing.ts';
import { audioFormat, pictures, sounds, videoFormat } from '../../testing/frames.ts';
import { timescaleOf } from '../fmp4/initSegment.ts';
import { blackFormat } from '../filler/blackPicture.ts';
import { mediaPlaylist } from '../mediaPlaylist.ts';
import { GroupCutter } from './GroupCutter.ts';
import type { Resume } from './GroupCutter.ts';
import type { CutSegment } from './CutSegment.ts';
import { isSameFormat } from './TrackLane.ts';

type MainTrack = 'main-video' | 'main-audio';
interface Run {
  track: MainTrack;
  format: TrackFormat;
  frames: EncodedFrame[];
  isNewSource?: boolean;
}

function cutMain(runs: readonly Run[], options: { isFinished?: boolean; resume?: Resume } = {}) {
  const cuts: CutSegment[] = [];
  let epochs = [...(options.resume?.epochs ?? [{ epoch: 0, startMs: 0 }])];
  const cutter = new GroupCutter({
    tracks: ['main-video', 'main-audio'],
    zeroUs: 0,
    targetSegmentMs: 2000,
    ...(options.resume ? { resume: options.resume } : {}),
    onSegment: (cut) => cuts.push(cut),
    onEpochs: (starts) => {
      epochs = [...starts];
    },
  });
  const events = runs.flatMap((run) => run.frames.map((frame, index) => ({ run, frame, isFirst: index === 0 })));
  events.sort((a, b) => a.frame.decodeTimeUs - b.frame.decodeTimeUs);
  for (const { run, frame, isFirst } of events) {
    if (isFirst) cutter.format(run.track, run.format, run.isNewSource ?? true);
    cutter.frame(run.track, frame);
  }
  if (options.isFinished ?? true) cutter.finish();
  const of = (track: MainTrack) => cuts.filter((cut) => cut.track === track).map(inMs);
  return { cuts, epochs, cutter, video: of('main-video'), audio: of('main-audio') };
}

function inMs(cut: CutSegment) {
  const perMs = timescaleOf(cut.format) / 1000;
  return { ...cut, startMs: cut.startTicks / perMs, endMs: (cut.startTicks + cut.durationTicks) / perMs };
}

const video = (fromMs: number, durationMs: number, more: Partial<Run> & { keyframeEveryMs?: number } = {}): Run => ({
  track: 'main-video',
  format: videoFormat(),
  frames: pictures({ fromMs, durationMs, keyframeEveryMs: more.keyframeEveryMs }),
  ...more,
});
const audio = (fromMs: number, durationMs: number, codec: 'aac' | 'opus' = 'aac'): Run => ({
  track: 'main-audio',
  format: audioFormat(codec),
  frames: sounds({ fromMs, durationMs, codec }),
});

describe('A group of tracks', () => {
  it('is cut at the first keyframe after two seconds, and sound at two seconds', () => {
    const { video: pictureCuts, audio: soundCuts, epochs } = cutMain([video(0, 20_000, { keyframeEveryMs: 1500 }), audio(0, 20_000)]);
    expect(pictureCuts.map((cut) => Math.round(cut.startMs))).toEqual([0, 3000, 6000, 9000, 12_000, 15_000, 18_000]);
    expect(pictureCuts.every((cut) => cut.isIndependent && !cut.isFiller)).toBe(true);
    expect(soundCuts[1]?.startMs).toBeCloseTo(2005.33, 1);
    expect(epochs).toHaveLength(1);
  });

  it('keeps a keyframe interval of 8.33 s in one segment, and cuts at ten seconds where no keyframe comes', () => {
    expect(cutMain([video(0, 25_000, { keyframeEveryMs: 8333 })]).video.map((cut) => Math.round(cut.startMs))).toEqual([0, 8333, 16_667]);
    const rare = cutMain([video(0, 25_000, { keyframeEveryMs: 60_000 })]).video;
    expect(rare.map((cut) => cut.isIndependent)).toEqual([true, false, false]);
    expect(Math.max(...rare.map((cut) => cut.endMs - cut.startMs))).toBeLessThan(10_500);
  });

  it.each([100, -100])('keeps sound at its picture for two hours when its clock is %i ppm off', (ppm) => {
    const hours = { fromMs: 0, durationMs: 2 * 3_600_000 };
    const frames = sounds({ ...hours, codec: 'opus' }).map((frame) => {
      const timeUs = Math.round(frame.decodeTimeUs * (1 - ppm / 1e6));
      return { ...frame, decodeTimeUs: timeUs, presentationTimeUs: timeUs };
    });
    const { video: pictureCuts, cuts, epochs } = cutMain([
      { track: 'main-video', format: videoFormat(), frames: pictures({ ...hours, frameRate: 1 }) },
      { track: 'main-audio', format: audioFormat('opus'), frames },
    ]);
    const timeOf = new Map(frames.map((frame) => [frame.data, frame.presentationTimeUs / 1000]));
    let worstMs = 0;
    for (const cut of cuts.filter(({ track }) => track === 'main-audio')) {
      let ticks = cut.startTicks;
      for (const sample of cut.samples) {
        worstMs = Math.max(worstMs, Math.abs(ticks / 48 - (timeOf.get(sample.data) ?? ticks / 48)));
        ticks += sample.durationTicks;
      }
    }
    expect(worstMs).toBeLessThanOrEqual(41);
    expect(epochs).toHaveLength(1);
    expect(pictureCuts.every((cut) => !cut.isFiller)).toBe(true);
  });

  it('does not let rounded timestamps through to the sound', () => {
    const { cuts } = cutMain([audio(0, 10_000)]);
    expect(new Set(cuts.flatMap((cut) => cut.samples.map((sample) => sample.durationTicks)))).toEqual(new Set([1024]));
  });

  it('counts the time of a sound alike before and after its sampling rate changes, for readers that keep the first init segment', () => {
    const frames = Array.from({ length: 2584 }, (_, index) => ({ ...(sounds({ fromMs: 0, durationMs: 40 })[0] as EncodedFrame), decodeTimeUs: Math.round((index * 1024e3) / 44_100) * 1000, presentationTimeUs: Math.round((index * 1024e3) / 44_100) * 1000 }));
    const { cuts, audio: soundCuts, epochs } = cutMain([{ track: 'main-audio', format: audioFormat('aac', 44_100), frames }, audio(60_000, 10_000)]);
    expect(new Set(cuts.map((cut) => timescaleOf(cut.format)))).toEqual(new Set([48_000]));
    expectWithoutHoles(soundCuts);
    expect(epochs).toHaveLength(2);
    const before = soundCuts.filter((cut) => cut.epoch === 0);
    expect(before.at(-1)?.endMs).toBeCloseTo((2584 * 1024e3) / 44_100, 1);
    expect(soundCuts.at(-1)?.endMs).toBeCloseTo(70_000, -2);
  });

  it('follows a sound clock that drifts, and drops what comes twice', () => {
    const slow = audio(0, 60_000);
    slow.frames = slow.frames.map((frame, index) => ({ ...frame, presentationTimeUs: frame.presentationTimeUs + index * 100, decodeTimeUs: frame.decodeTimeUs + index * 100 }));
    const last = slow.frames.at(-1);
    expect(Math.abs((cutMain([slow]).audio.at(-1)?.endMs ?? 0) - ((last?.decodeTimeUs ?? 0) / 1000 + 21.3))).toBeLessThan(62);
    const twice = audio(0, 4000);
    const { cutter, audio: soundCuts } = cutMain([twice, { ...twice, frames: twice.frames.slice(50, 60), isNewSource: false }]);
    expect(cutter.droppedFrames).toBeGreaterThanOrEqual(8);
    expect(Math.abs((soundCuts.at(-1)?.endMs ?? 0) - 4000)).toBeLessThan(62);
  });

  it('shows a first picture that comes late from the start, and black when it comes much later', () => {
    const early = cutMain([video(800, 4000), audio(0, 5000)]);
    expect(early.video[0]).toMatchObject({ startMs: 0, epoch: 0, isFiller: false });
    expect(early.epochs).toHaveLength(1);
    const late = cutMain([video(12_000, 4000), audio(0, 16_000)]);
    expect(late.video.map((cut) => [Math.round(cut.startMs), cut.isFiller, cut.epoch])).toEqual([
      [0, true, 0],
      [10_000, true, 0],
      [12_000, false, 1],
      [14_000, false, 1],
    ]);
  });

  it('fills a microphone that is off with silence and a camera that is off with black, while the other goes on', () => {
    const { video: pictureCuts, audio: soundCuts, epochs } = cutMain([
      video(0, 10_000), video(30_000, 10_000, { isNewSource: false }), audio(0, 20_000), { ...audio(25_000, 15_000), isNewSource: false },
    ]);
    expect(epochs.map((start) => Math.round(start.startMs))).toEqual([0, 10_000, 30_000]);
    expect(pictureCuts.filter((cut) => cut.isFiller).map((cut) => cut.epoch)).toEqual(Array.from({ length: 10 }, () => 1));
    expect(soundCuts.map((cut) => cut.epoch)).toEqual([...soundCuts.map((cut) => cut.epoch)].sort());
    expectWithoutHoles(pictureCuts);
    expectWithoutHoles(soundCuts);
  });

  it('writes what is missing while the other track goes on, not only when it comes back', () => {
    const { video: pictureCuts } = cutMain([video(0, 10_000), audio(0, 60_000)], { isFinished: false });
    expect(pictureCuts.at(-1)?.endMs).toBeGreaterThan(52_000);
  });

  it('begins one epoch when the broadcaster comes back another way after an outage', () => {
    for (const soundDelayMs of [-300, 0, 300]) {
      const { epochs, video: pictureCuts, audio: soundCuts } = cutMain([
        video(0, 10_000), audio(0, 10_020), video(40_000, 10_000, { format: videoFormat(1) }), audio(40_000 + soundDelayMs, 10_000, 'opus'),
      ]);
      expect(epochs.length).toBe(3);
      for (const cuts of [pictureCuts, soundCuts]) expect(new Set(cuts.map((cut) => cut.epoch))).toEqual(new Set([0, 1, 2]));
      expect(pictureCuts.at(-1)?.epoch).toBe(2);
      expect(soundCuts.at(-1)?.epoch).toBe(2);
    }
  });

  it('takes a picture from another source of the same format as an epoch, but not a sound', () => {
    expect(cutMain([video(0, 10_000), video(10_033, 5000), audio(0, 15_000)]).epochs).toHaveLength(2);
    expect(cutMain([video(0, 15_000), audio(0, 10_000), audio(10_000, 5000)]).epochs).toHaveLength(1);
  });

  it('goes on behind what an earlier run has written', () => {
    const cuts: CutSegment[] = [];
    const epochs: EpochStart[][] = [];
    const resume = { epochs: [{ epoch: 0, startMs: 0 }], ends: { 'main-video': { endUs: 10e6, epoch: 0 }, 'main-audio': { endUs: 11e6, epoch: 0 } } };
    const cutter = new GroupCutter({ tracks: ['main-video', 'main-audio'], zeroUs: 0, targetSegmentMs: 2000, resume, onSegment: (cut) => cuts.push(cut), onEpochs: (starts) => epochs.push([...starts]) });
    cutter.format('main-video', videoFormat(), false);
    cutter.format('main-audio', audioFormat(), false);
    for (const frame of pictures({ fromMs: 20_000, durationMs: 4000 })) cutter.frame('main-video', frame);
    for (const frame of sounds({ fromMs: 20_000, durationMs: 4000 })) cutter.frame('main-audio', frame);
    cutter.finish();
    expect(epochs[0]?.at(-1)).toEqual({ epoch: 1, startMs: 10_000 });
    expect(Math.min(...cuts.map((cut) => cut.epoch))).toBe(1);
    expect(cuts.find((cut) => cut.track === 'main-audio')?.startTicks).toBe(11 * 48_000);
    expect(cuts.find((cut) => cut.track === 'main-video')?.startTicks).toBe(10 * 90_000);
  });
});

/** Runs of a track one after the other, with holes, other sources and other formats. */
const runsOf = (track: MainTrack) =>
  fc
    .array(fc.record({ holeMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 400 }), fc.integer({ min: 400, max: 25_000 })), durationMs: fc.integer({ min: 200, max: 15_000 }), variant: fc.integer({ min: 0, max: 1 }), isNewSource: fc.boolean(), keyframeEveryMs: fc.constantFrom(500, 1000, 2000, 8333) }), { minLength: 0, maxLength: 4 })
    .map((specs) => {
      let atMs = 0;
      return specs.map(({ holeMs, durationMs, variant, isNewSource, keyframeEveryMs }): Run => {
        const fromMs = atMs + holeMs;
        atMs = fromMs + durationMs;
        if (track === 'main-video') return { track, format: videoFormat(variant), frames: pictures({ fromMs, durationMs, keyframeEveryMs }), isNewSource };
        const codec = variant === 0 ? 'aac' : 'opus';
        return { track, format: audioFormat(codec), frames: sounds({ fromMs, durationMs, codec }), isNewSource };
      });
    });

function expectWithoutHoles(cuts: readonly { startMs: number; endMs: number }[]): void {
  for (const [index, cut] of cuts.entries()) {
    const previousEnd = cuts[index - 1]?.endMs ?? 0;
    expect(cut.startMs - previousEnd).toBeGreaterThan(-0.001);
    expect(cut.startMs - previousEnd).toBeLessThan(45);
  }
}

/** The runs, recorded by one process after the other: each is killed after a while, its last segments are lost, and the next takes up what is there. */
function cutOverCrashes(runs: readonly Run[], blows: readonly { afterMs: number; awayMs: number; lostSegments: number }[]) {
  const kept: ReturnType<typeof inMs>[] = [];
  let resume: Resume | undefined;
  let fromMs = 0;
  for (const { afterMs, awayMs, lostSegments } of [...blows, { afterMs: Infinity, awayMs: 0, lostSegments: 0 }]) {
    const seen = runs.map((run) => ({ ...run, frames: fromKeyframe(run, fromMs, fromMs + afterMs) }));
    const { cuts, epochs } = cutMain(seen, { isFinished: afterMs === Infinity, ...(resume ? { resume } : {}) });
    kept.push(...cuts.slice(0, Math.max(0, cuts.length - lostSegments)).map(inMs));
    const ends: Resume['ends'] = {};
    for (const { track, epoch, endMs, format } of kept) ends[track] = { endUs: endMs * 1000, epoch, format: format.kind === 'video' ? blackFormat(format) : format };
    resume = { epochs, ends };
    fromMs += afterMs + awayMs;
  }
  return kept;
}

/** What comes of a run in between; a picture begins with a keyframe again. */
function fromKeyframe({ frames }: Run, fromMs: number, untilMs: number): EncodedFrame[] {
  const within = frames.filter(({ decodeTimeUs }) => decodeTimeUs >= fromMs * 1000 && decodeTimeUs < untilMs * 1000);
  const first = within.findIndex(({ isKeyframe }) => isKeyframe);
  return first < 0 ? [] : within.slice(first);
}

describe('Whatever comes', () => {
  const anyRuns = fc.tuple(runsOf('main-video'), runsOf('main-audio')).map(([a, b]) => [...a, ...b]);

  it('leaves no hole, no overlap and no segment that is too long, in epochs that never go back', () => {
    fc.assert(
      fc.property(anyRuns, (runs) => {
        const { video: pictureCuts, audio: soundCuts } = cutMain(runs);
        for (const cuts of [pictureCuts, soundCuts]) {
          expectWithoutHoles(cuts);
          expect(cuts.every((cut) => cut.endMs - cut.startMs < 10_500)).toBe(true);
          expect(cuts.map((cut) => cut.epoch)).toEqual(cuts.map((cut) => cut.epoch).sort((a, b) => a - b));
          expect(cuts.every((cut) => cut.samples.every((sample) => sample.durationTicks > 0))).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('has every epoch in both tracks, one after the other and each in one format, also over crashes', () => {
    const crashes = fc.array(fc.record({ afterMs: fc.integer({ min: 500, max: 20_000 }), awayMs: fc.integer({ min: 0, max: 15_000 }), lostSegments: fc.integer({ min: 0, max: 3 }) }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(anyRuns, crashes, (runs, blows) => {
        const kept = cutOverCrashes(runs, blows);
        const epochsOf = (track: MainTrack) => [...new Set(kept.filter((cut) => cut.track === track).map(({ epoch }) => epoch))];
        const [pictureEpochs, soundEpochs] = [epochsOf('main-video'), epochsOf('main-audio')];
        if (pictureEpochs.length > 0 && soundEpochs.length > 0) expect(pictureEpochs).toEqual(soundEpochs);
        for (const epochs of [pictureEpochs, soundEpochs]) expect(epochs).toEqual(epochs.map((_, index) => index));
        for (const track of ['main-video', 'main-audio'] as const) {
          expectWithoutHoles(kept.filter((cut) => cut.track === track));
          const formats = Map.groupBy(kept.filter((cut) => cut.track === track), ({ epoch }) => epoch);
          for (const [first, ...others] of formats.values()) expect(others.every(({ format }) => first && isSameFormat(format, first.format))).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('makes playlists that parse, that add up to the recording, and that have their discontinuities in common', () => {
    fc.assert(
      fc.property(anyRuns, (runs) => {
        const { cuts, epochs } = cutMain(runs);
        const listing = cutsToListing(cuts, { main: epochs });
        const tracks = (['main-video', 'main-audio'] as const).filter((track) => cuts.some((cut) => cut.track === track));
        const counts = tracks.map((track) => {
          const ends = listing.segments.filter((segment) => segment.track === track).map((segment) => segment.startMs + segment.durationMs);
          const text = mediaPlaylist(listing, track);
          const playlist = hlsParser.parse(text) as hlsParser.types.MediaPlaylist;
          const totalMs = playlist.segments.reduce((sum, segment) => sum + segment.duration * 1000, 0);
          expect(Math.abs(totalMs - Math.max(...ends))).toBeLessThan(0.01);
          return text.split('#EXT-X-DISCONTINUITY').length - 1;
        });
        // Nothing of the other track may come behind an epoch of the last seconds.
        const late = epochs.filter((start) => start.startMs > listing.recording.timelineEndMs - 10_500).length;
        expect(Math.max(...counts, 0) - Math.min(...counts, Infinity)).toBeLessThanOrEqual(late);
      }),
      { numRuns: 150 },
    );
  });
});
