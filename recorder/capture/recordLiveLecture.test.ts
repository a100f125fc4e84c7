import { expect, it } from 'vitest';
import { LectureRegistry } from '#engine';
import { CourseId, LectureId, UserId } from '#engine/contract';
import { newId, openSqliteDatabase } from '#engine/kernel';
import { FakeMediaPlane, FakeTrack, ManualClock, silentLogger } from '#engine/testing';
import { recordableLecture } from './recordLiveLecture.ts';

it('A live lecture reports which tracks are paused, and when that changes', async () => {
  const database = await openSqliteDatabase({ path: ':memory:' });
  const registry = LectureRegistry.create({ database, plane: new FakeMediaPlane(), clock: new ManualClock(), logger: silentLogger, graceMs: 300_000 });
  const userId = UserId.parse(newId('usr'));
  const plan = { courseId: CourseId.parse(newId('crs')), title: 'Optics', scheduledAt: null, durationMinutes: null, isRecorded: true, createdBy: userId };
  const lecture = await registry.start(LectureId.parse((await registry.schedule(plan))._id));
  const presenter = lecture.enter({ userId, displayName: 'Presenter', kind: 'presenter', role: 'owner' });
  const { id } = lecture.publish(presenter.id, { source: 'microphone', kind: 'audio', track: new FakeTrack('audio'), isPaused: true });
  const recordable = recordableLecture(lecture);
  expect(recordable.publications()).toMatchObject([{ publicationId: id, isPaused: true }]);
  const changes: unknown[] = [];
  recordable.onPaused((publicationId, isPaused) => changes.push([publicationId, isPaused]));
  await lecture.setPaused(presenter.id, id, false);
  await lecture.setPaused(presenter.id, id, true);
  expect(changes).toEqual([[id, false], [id, true]]);
  await registry.close();
  await database.close();
});
