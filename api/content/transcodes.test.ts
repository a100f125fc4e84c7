import { describe, expect, it } from 'vitest';
import { newId } from '#engine/kernel';
import type { JobRow } from '#engine/kernel';
import { refusal, startSharedTestApi } from '../testing/index.ts';

const site = await startSharedTestApi();
const ada = await site.firstAccount();
const sam = await site.signup('sam');

async function recordedLecture() {
  const course = await ada.api.createCourse({ body: { title: 'Physics', enrolmentPolicy: 'open' } });
  await sam.api.enrol({ params: { courseId: course.id } });
  const lecture = await ada.api.startLecture({ body: { courseId: course.id, title: 'Waves' } });
  const { _id: videoId } = await site.recordVideo({ courseId: course.id, lectureId: lecture.id, title: 'Waves' });
  return { params: { videoId } };
}

const jobsOf = async (videoId: string) => (await site.collection<JobRow>('jobs').find({ kind: 'video.prepare', state: 'waiting' })).filter(({ key }) => key === videoId);

describe('renditions of a video', () => {
  it('are made again when its course asks for them, once, and show in the video', async () => {
    const { params } = await recordedLecture();
    const waiting = { videoId: params.videoId, work: { stage: 'waiting', share: 0 } };
    expect(await ada.api.transcodeVideo({ params, body: { heights: [720, 360] } })).toEqual(waiting);
    expect(await ada.api.transcodeVideo({ params, body: {} })).toEqual(waiting);
    expect((await jobsOf(params.videoId)).length).toBe(1);
    expect((await sam.api.getVideo({ params })).work).toEqual(waiting.work);
  });

  it('are cancelled, also when nothing is being made, and the video plays what it has', async () => {
    const { params } = await recordedLecture();
    await ada.api.transcodeVideo({ params, body: {} });
    for (let times = 0; times < 2; times += 1) expect(await ada.api.cancelTranscode({ params })).toEqual({ videoId: params.videoId, work: null });
    expect(await ada.api.getVideo({ params })).toMatchObject({ state: 'ready', work: null, failure: null });
  });

  it('are refused to students, for unknown heights, and for a video that does not exist', async () => {
    const { params } = await recordedLecture();
    for (const problem of await Promise.all([sam.api.transcodeVideo({ params, body: {} }), sam.api.cancelTranscode({ params })].map(refusal))) expect(problem).toMatchObject({ code: 'access.denied', status: 403 });
    expect(await refusal(ada.api.transcodeVideo({ params, body: { heights: [719] } }))).toMatchObject({ code: 'request.invalid' });
    expect(await refusal(ada.api.transcodeVideo({ params, body: { heights: [] } }))).toMatchObject({ code: 'request.invalid' });
    expect(await refusal(ada.api.transcodeVideo({ params: { videoId: newId('vid') }, body: {} }))).toMatchObject({ code: 'video.notFound' });
    expect(await jobsOf(params.videoId)).toEqual([]);
  });
});
