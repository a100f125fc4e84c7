import { describe, expect, it } from 'vitest';
import { VideoId } from '#engine/contract';
import { newId } from '#engine/kernel';
import { refusal, startSharedTestApi } from '../testing/index.ts';

const site = await startSharedTestApi();
const ada = await site.firstAccount();
let count = 0;

/** A recording of 90 s in segments of 10 s. */
async function recorded() {
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Optics', enrolmentPolicy: 'open' } });
  const sam = await site.signup(`chapter-sam${(count += 1)}`);
  await sam.api.enrol({ params: { courseId } });
  const { id: lectureId } = await ada.api.startLecture({ body: { courseId, title: 'Waves' } });
  const row = await site.recordVideo({ courseId, lectureId, title: 'Waves', segmentMs: 10_000 });
  return { sam, video: { params: { videoId: VideoId.parse(row._id) } } };
}

const intro = { startMs: 0, title: 'Introduction' };
const waves = { startMs: 45_000, title: 'Waves' };

describe('chapters', () => {
  it('are stored in order, and shown to everybody who watches', async () => {
    const { sam, video } = await recorded();
    expect(await ada.api.getChapters(video)).toEqual({ chapters: [] });
    expect(await ada.api.setChapters({ ...video, body: { chapters: [waves, { startMs: 0, title: ' Introduction ' }] } })).toEqual({ chapters: [intro, waves] });
    expect((await sam.api.getPlayback(video)).video.chapters).toEqual([{ startSeconds: 0, title: 'Introduction' }, { startSeconds: 45, title: 'Waves' }]);
    expect((await sam.api.getVideo(video)).chapters).toHaveLength(2);
  });

  it('move along with cuts for viewers, and stay where they are for those who edit', async () => {
    const { sam, video } = await recorded();
    await ada.api.setChapters({ ...video, body: { chapters: [intro, { startMs: 15_000, title: 'Break' }, waves] } });
    await ada.api.setEdits({ ...video, body: { cuts: [{ startMs: 10_000, endMs: 30_000 }] } });
    expect((await sam.api.getPlayback(video)).video.chapters).toEqual([
      { startSeconds: 0, title: 'Introduction' },
      { startSeconds: 10, title: 'Break' },
      { startSeconds: 25, title: 'Waves' },
    ]);
    expect((await ada.api.getChapters(video)).chapters).toHaveLength(3);
  });

  it('are refused after the end, two at one moment, without a title, and of people who do not manage videos', async () => {
    const { sam, video } = await recorded();
    await ada.api.setChapters({ ...video, body: { chapters: [intro] } });
    const set = (...chapters: { startMs: number; title: string }[]) => refusal(ada.api.setChapters({ ...video, body: { chapters } }));
    expect(await set(intro, { startMs: 90_000, title: 'Late' })).toMatchObject({ status: 422, code: 'chapter.outside' });
    expect(await set(intro, { startMs: 0, title: 'Again' })).toMatchObject({ status: 422, code: 'chapter.twice' });
    expect(await set({ startMs: 0, title: '  ' })).toMatchObject({ code: 'request.invalid' });
    expect(await set({ startMs: 0, title: 'a\nb' })).toMatchObject({ code: 'request.invalid' });
    expect(await refusal(sam.api.setChapters({ ...video, body: { chapters: [] } }))).toMatchObject({ code: 'access.denied' });
    expect(await refusal(sam.api.getChapters(video))).toMatchObject({ code: 'access.denied' });
    expect(await refusal(ada.api.setChapters({ params: { videoId: VideoId.parse(newId('vid')) }, body: { chapters: [] } }))).toMatchObject({ code: 'video.notFound' });
    expect(await ada.api.getChapters(video)).toEqual({ chapters: [intro] });
  });

  it('of two people who change them, the second learns what the first has made', async () => {
    const { video } = await recorded();
    const [first, second] = [await ada.api.getChapters(video), await ada.api.getChapters(video)];
    await ada.api.setChapters({ ...video, body: { chapters: [intro] } }, { ifUnchanged: first });
    const refused = await refusal(ada.api.setChapters({ ...video, body: { chapters: [waves] } }, { ifUnchanged: second }));
    expect(refused).toMatchObject({ status: 412, code: 'version.changed' });
    expect(await ada.api.getChapters(video)).toEqual({ chapters: [intro] });
  });
});
