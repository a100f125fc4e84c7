import { CourseId, LectureId } from '#engine/contract';
import { newId } from '#engine/kernel';
import { FakeIngestLecture, FakeIngestLectures } from './FakeIngestLectures.ts';
import { describeIngestLecturesConformance } from './ingestLecturesConformance.ts';

describeIngestLecturesConformance('The fake', async () => {
  const lectures = new FakeIngestLectures();
  const lecture = new FakeIngestLecture(LectureId.parse(newId('lec')));
  const [courseId, emptyCourseId] = [CourseId.parse(newId('crs')), CourseId.parse(newId('crs'))];
  lectures.lectures.set(courseId, lecture);
  return {
    lectures,
    courseId,
    emptyCourseId,
    loseRoom: () => lecture.loseRoom(),
    returnRoom: () => lecture.returnRoom(),
    endLecture: async () => lecture.end(),
    published: () => lecture.attached.flatMap((attachment) => (['video', 'audio'] as const).map((kind) => ({ kind, hasTrack: attachment.hasTrack(kind) }))),
    isSilent: () => lecture.attached.some(({ isSilent }) => isSilent),
    health: () => lecture.health,
    cleanup: async () => lecture.close(),
  };
});
