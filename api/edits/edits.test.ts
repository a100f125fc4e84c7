import { describe, expect, it } from 'vitest';
import { VideoId } from '#engine/contract';
import { newId, toInstant } from '#engine/kernel';
import { refusal, startSharedTestApi } from '../testing/index.ts';

const site = await startSharedTestApi();
const ada = await site.firstAccount();
let count = 0;

/** A recording of 90 s in segments of 10 s. */
async function recorded() {
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Optics', enrolmentPolicy: 'open' } });
  const sam = await site.signup(`cut-sam${(count += 1)}`);
  await sam.api.enrol({ params: { courseId } });
  const { id: lectureId } = await ada.api.startLecture({ body: { courseId, title: 'Waves' } });
  const row = await site.recordVideo({ courseId, lectureId, title: 'Waves', segmentMs: 10_000 });
  const videoId = VideoId.parse(row._id);
  return { courseId, lectureId, sam, video: { params: { videoId } } };
}

const span = (startMs: number, endMs: number) => ({ startMs, endMs });
const spans = (cuts: readonly { startMs: number; endMs: number }[]) => cuts.map(({ startMs, endMs }) => [startMs, endMs]);

describe('cuts', () => {
  it('take whole segments, shorten the video for everybody at once, and are undone by leaving them out', async () => {
    const { sam, video } = await recorded();
    expect(await ada.api.getEdits(video)).toMatchObject({ durationMs: 90_000, editedDurationMs: 90_000, cuts: [], cutPoints: [0, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000, 70_000, 80_000, 90_000] });
    const cut = await ada.api.setEdits({ ...video, body: { cuts: [span(12_000, 28_000)] } });
    expect(spans(cut.cuts)).toEqual([[10_000, 30_000]]);
    expect(cut.cuts[0]?.undoUntil).toBe(toInstant(site.clock.nowMs() + 14 * 24 * 3600_000));
    const playback = await sam.api.getPlayback(video);
    expect(playback).toMatchObject({ video: { durationSeconds: 70 }, kept: [{ startSeconds: 0, endSeconds: 10 }, { startSeconds: 30, endSeconds: 90 }], tracks: [{ durationSeconds: 70, kept: [{ startSeconds: 0, endSeconds: 10 }, { startSeconds: 30, endSeconds: 90 }] }] });
    const more = await ada.api.setEdits({ ...video, body: { cuts: [span(10_000, 30_000), span(80_000, 85_000)] } });
    expect([spans(more.cuts), more.cuts[0]?.id === cut.cuts[0]?.id, more.editedDurationMs]).toEqual([[[10_000, 30_000], [80_000, 90_000]], true, 60_000]);
    expect((await ada.api.setEdits({ ...video, body: { cuts: [] } })).cuts).toEqual([]);
    expect(await sam.api.getPlayback(video)).toMatchObject({ kept: null, video: { durationSeconds: 90 } });
  });

  it('keep positions, questions and comments at their moments, and hide those that are cut', async () => {
    const { sam, video } = await recorded();
    await sam.api.saveProgress({ ...video, body: { positionSeconds: 50, watched: [{ startSeconds: 0, endSeconds: 50 }] } });
    for (const atSeconds of [15, 45]) await sam.api.postVideoComment({ ...video, body: { text: `at ${atSeconds}`, atSeconds } });
    await ada.api.setEdits({ ...video, body: { cuts: [span(10_000, 30_000)] } });
    expect(await sam.api.getProgress(video)).toMatchObject({ positionSeconds: 30 });
    expect((await sam.api.listCommentMoments(video)).moments.map(({ atSeconds }) => atSeconds)).toEqual([25]);
    // Saved by somebody who sees the edited video.
    await sam.api.saveProgress({ ...video, body: { positionSeconds: 20, watched: [{ startSeconds: 5, endSeconds: 15 }] } });
    await ada.api.setEdits({ ...video, body: { cuts: [] } });
    expect(await sam.api.getProgress(video)).toMatchObject({ positionSeconds: 40 });
  });

  it('are refused when they overlap, are outside, or leave nothing', async () => {
    const { sam, video } = await recorded();
    const set = (...cuts: { startMs: number; endMs: number }[]) => refusal(ada.api.setEdits({ ...video, body: { cuts } }));
    expect(await set(span(0, 90_000))).toMatchObject({ status: 409, code: 'cut.everything' });
    expect(await set(span(0, 45_000), span(50_000, 90_000))).toMatchObject({ code: 'cut.everything' });
    expect(await set(span(0, 15_000), span(18_000, 30_000))).toMatchObject({ status: 409, code: 'cut.overlaps' });
    expect(await set(span(95_000, 99_000))).toMatchObject({ status: 422, code: 'cut.outside' });
    expect(await refusal(sam.api.setEdits({ ...video, body: { cuts: [] } }))).toMatchObject({ code: 'access.denied' });
    expect(await refusal(ada.api.setEdits({ params: { videoId: VideoId.parse(newId('vid')) }, body: { cuts: [] } }))).toMatchObject({ code: 'video.notFound' });
    expect((await ada.api.getEdits(video)).cuts).toEqual([]);
  });

  it('of two people who cut the same video, the second learns what the first has cut', async () => {
    const { video } = await recorded();
    const [first, second] = [await ada.api.getEdits(video), await ada.api.getEdits(video)];
    await ada.api.setEdits({ ...video, body: { cuts: [span(10_000, 20_000)] } }, { ifUnchanged: first });
    expect(await refusal(ada.api.setEdits({ ...video, body: { cuts: [span(50_000, 60_000)] } }, { ifUnchanged: second }))).toMatchObject({ status: 412, code: 'version.changed' });
  });
});
