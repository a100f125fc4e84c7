import * as fc from 'fast-check';
import hlsParser from 'hls-parser';
import { describe, expect, it } from 'vitest';
import type { EncodedFrame } from '#engine/media';
import { segmentRuns, expectNoGaps, inMs } from '../../testing/segmentRuns.ts';
import type { MainTrack, Run } from '../../testing/segmentRuns.ts';
import { listingOf } from '../../testing/listingOf.ts';
import { audioFormat, videoFrames, audioFrames, videoFormat } from '../../testing/frames.ts';
import { blackFormat } from '../filler/blackFrame.ts';
import { mediaPlaylist } from '../mediaPlaylist.ts';
import type { Resume } from './GroupSegmenter.ts';
import { isSameFormat } from './TrackSegmenter.ts';

/** Consecutive runs of a track, with gaps, overlaps, changes of source and changes of format. */
const runsOf = (track: MainTrack) =>
  fc
    .array(fc.record({ gapMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 400 }), fc.integer({ min: 400, max: 25_000 }), fc.integer({ min: -8000, max: -1 })), durationMs: fc.integer({ min: 200, max: 15_000 }), variant: fc.integer({ min: 0, max: 1 }), isNewSource: fc.boolean(), staysPublished: fc.boolean(), keyframeEveryMs: fc.constantFrom(500, 1000, 2000, 8333, 60_000), frameRate: fc.constantFrom(30, 30, 1, 0.3) }), { minLength: 0, maxLength: 4 })
    .map((specs) => {
      let atMs = 0;
      return specs.map(({ gapMs, durationMs, variant, isNewSource, staysPublished, keyframeEveryMs, frameRate }): Run => {
        const fromMs = Math.max(0, atMs + gapMs);
        atMs = fromMs + durationMs;
        if (track === 'main-video') return { track, format: videoFormat(variant), frames: videoFrames({ fromMs, durationMs, keyframeEveryMs, frameRate }), isNewSource, staysPublished };
        const codec = variant === 0 ? 'aac' : 'opus';
        return { track, format: audioFormat(codec), frames: audioFrames({ fromMs, durationMs, codec }), isNewSource, staysPublished };
      });
    });

/** Records the runs in consecutive processes. Each is killed after a while and loses its last segments; the next resumes. */
function segmentOverCrashes(runs: readonly Run[], crashes: readonly { afterMs: number; downMs: number; lostSegments: number }[]) {
  const kept: ReturnType<typeof inMs>[] = [];
  let resume: Resume | undefined;
  let fromMs = 0;
  for (const { afterMs, downMs, lostSegments } of [...crashes, { afterMs: Infinity, downMs: 0, lostSegments: 0 }]) {
    const seen = runs.map((run) => ({ ...run, frames: fromKeyframe(run, fromMs, fromMs + afterMs) }));
    const { segments, epochs } = segmentRuns(seen, { isFinished: afterMs === Infinity, ...(resume ? { resume } : {}) });
    kept.push(...segments.slice(0, Math.max(0, segments.length - lostSegments)).map(inMs));
    const ends: Resume['ends'] = {};
    for (const { track, epoch, endMs, format } of kept) ends[track] = { endUs: endMs * 1000, epoch, format: format.kind === 'video' ? blackFormat(format) : format };
    resume = { epochs, ends };
    fromMs += afterMs + downMs;
  }
  return kept;
}

/** The frames of a run between two times, from the first keyframe on. */
function fromKeyframe({ frames }: Run, fromMs: number, untilMs: number): EncodedFrame[] {
  const within = frames.filter(({ decodeTimeUs }) => decodeTimeUs >= fromMs * 1000 && decodeTimeUs < untilMs * 1000);
  const first = within.findIndex(({ isKeyframe }) => isKeyframe);
  return first < 0 ? [] : within.slice(first);
}

describe('For all inputs', () => {
  const anyRuns = fc.tuple(runsOf('main-video'), runsOf('main-audio')).map(([a, b]) => [...a, ...b]);

  it('segments have no gaps, no overlaps, no excess length and no decreasing epochs', () => {
    fc.assert(
      fc.property(anyRuns, (runs) => {
        const { video: videoSegments, audio: audioSegments } = segmentRuns(runs);
        for (const segments of [videoSegments, audioSegments]) {
          expectNoGaps(segments);
          expect(segments.every((segment) => segment.endMs - segment.startMs < 10_500)).toBe(true);
          expect(segments.map((segment) => segment.epoch)).toEqual(segments.map((segment) => segment.epoch).sort((a, b) => a - b));
          expect(segments.every((segment) => segment.samples.every((sample) => sample.durationTicks > 0))).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('both tracks have every epoch, in order and each in one format, also after crashes', () => {
    const anyCrashes = fc.array(fc.record({ afterMs: fc.integer({ min: 500, max: 20_000 }), downMs: fc.integer({ min: 0, max: 15_000 }), lostSegments: fc.integer({ min: 0, max: 3 }) }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(anyRuns, anyCrashes, (runs, crashes) => {
        const kept = segmentOverCrashes(runs, crashes);
        const epochsOf = (track: MainTrack) => [...new Set(kept.filter((segment) => segment.track === track).map(({ epoch }) => epoch))];
        const [videoEpochs, audioEpochs] = [epochsOf('main-video'), epochsOf('main-audio')];
        if (videoEpochs.length > 0 && audioEpochs.length > 0) expect(videoEpochs).toEqual(audioEpochs);
        for (const epochs of [videoEpochs, audioEpochs]) expect(epochs).toEqual(epochs.map((_, index) => index));
        for (const track of ['main-video', 'main-audio'] as const) {
          expectNoGaps(kept.filter((segment) => segment.track === track));
          const formats = Map.groupBy(kept.filter((segment) => segment.track === track), ({ epoch }) => epoch);
          for (const [first, ...others] of formats.values()) expect(others.every(({ format }) => first && isSameFormat(format, first.format))).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('playlists parse, have the length of the recording, and have their discontinuities in common', () => {
    fc.assert(
      fc.property(anyRuns, (runs) => {
        const { segments, epochs } = segmentRuns(runs);
        const listing = listingOf(segments, { main: epochs });
        const tracks = (['main-video', 'main-audio'] as const).filter((track) => segments.some((segment) => segment.track === track));
        const counts = tracks.map((track) => {
          const ends = listing.segments.filter((segment) => segment.track === track).map((segment) => segment.startMs + segment.durationMs);
          const text = mediaPlaylist(listing, track);
          const playlist = hlsParser.parse(text) as hlsParser.types.MediaPlaylist;
          const totalMs = playlist.segments.reduce((sum, segment) => sum + segment.duration * 1000, 0);
          expect(Math.abs(totalMs - Math.max(...ends))).toBeLessThan(0.01);
          return text.split('#EXT-X-DISCONTINUITY').length - 1;
        });
        // An epoch of the last seconds may have no segment in the other track.
        const late = epochs.filter((start) => start.startMs > listing.recording.timelineEndMs - 10_500).length;
        expect(Math.max(...counts, 0) - Math.min(...counts, Infinity)).toBeLessThanOrEqual(late);
      }),
      { numRuns: 150 },
    );
  });
});
