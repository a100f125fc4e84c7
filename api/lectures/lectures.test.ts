import { describe, expect, it } from 'vitest';
import { VideoId } from '#engine/contract';
import { refusal, startSharedTestApi } from '../testing/index.ts';

const site = await startSharedTestApi();
const ada = await site.firstAccount();

async function liveLecture() {
  const { id: courseId } = await ada.api.createCourse({ body: { title: 'Physics' } });
  const { id: lectureId } = await ada.api.startLecture({ body: { courseId, title: 'Waves' } });
  return { courseId, lecture: { params: { lectureId } } };
}

describe('a live lecture', () => {
  it('keeps its plan', async () => {
    const { lecture } = await liveLecture();
    const later = '2030-02-01T00:00:00.000Z';
    expect(await refusal(ada.api.updateLecture({ ...lecture, body: { scheduledAt: later } }))).toMatchObject({ code: 'lecture.alreadyLive' });
    expect(await refusal(ada.api.deleteLecture(lecture))).toMatchObject({ code: 'lecture.alreadyLive' });
  });

  it('has its new title when it has ended', async () => {
    const { lecture } = await liveLecture();
    await ada.api.updateLecture({ ...lecture, body: { title: 'More waves' } });
    await ada.api.endLecture(lecture);
    expect(await ada.api.getLecture(lecture)).toMatchObject({ title: 'More waves' });
  });

  it('has its new title at once', async () => {
    const { courseId, lecture } = await liveLecture();
    expect(await ada.api.updateLecture({ ...lecture, body: { title: 'More waves' } })).toMatchObject({ title: 'More waves' });
    expect((await ada.api.listLectures({ params: { courseId } })).lectures).toMatchObject([{ title: 'More waves' }]);
  });

  it.each(['live', 'ended'])('has its new title in its video, also when it is renamed while %s', async (state) => {
    const { courseId, lecture } = await liveLecture();
    const { _id } = await site.recordVideo({ courseId, lectureId: lecture.params.lectureId, title: 'Waves' });
    if (state === 'ended') await ada.api.endLecture(lecture);
    await ada.api.updateLecture({ ...lecture, body: { title: 'More waves' } });
    expect(await ada.api.getVideo({ params: { videoId: VideoId.parse(_id) } })).toMatchObject({ title: 'More waves' });
  });
});
