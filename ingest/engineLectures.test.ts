import { LectureRegistry } from '#engine';
import { CourseId, LectureId, UserId } from '#engine/contract';
import { newId } from '#engine/kernel';
import { FakeMediaPlane, ManualClock, openTestDatabase, silentLogger } from '#engine/testing';
import { engineLectures } from './engineLectures.ts';
import { describeIngestLecturesConformance } from './testing/ingestLecturesConformance.ts';

describeIngestLecturesConformance('A lecture registry', async () => {
  const database = await openTestDatabase();
  const plane = new FakeMediaPlane();
  const registry = LectureRegistry.create({ database, plane, clock: new ManualClock(), logger: silentLogger, graceMs: 300_000 });
  const [courseId, emptyCourseId] = [CourseId.parse(newId('crs')), CourseId.parse(newId('crs'))];
  const row = await registry.schedule({ courseId, title: 'Optics', scheduledAt: null, durationMinutes: null, isRecorded: true, createdBy: UserId.parse(newId('usr')) });
  const lecture = await registry.start(LectureId.parse(row._id));
  const worker = Promise.withResolvers<void>();
  return {
    lectures: engineLectures(registry),
    courseId,
    emptyCourseId,
    loseRoom: () => {
      plane.workerIsBack = worker.promise;
      plane.rooms.at(-1)?.close('workerDied');
    },
    returnRoom: () => worker.resolve(),
    endLecture: () => registry.end(lecture.id, 'presenter'),
    published: () => lecture.publications.all().map(({ view, track }) => ({ kind: view.kind, hasTrack: track !== undefined })),
    isSilent: () => lecture.view.state === 'interrupted',
    health: () => lecture.reports.health,
    cleanup: async () => {
      worker.resolve();
      await registry.close();
      await database.close();
    },
  };
});
