import { expect, it, onTestFinished } from 'vitest';
import { LectureRegistry } from '#engine';
import type { FrameSource } from '#engine';
import { CourseId, LectureId, PublicationId, UserId } from '#engine/contract';
import { newId } from '#engine/kernel';
import { FakeMediaPlane, FakeTrack, ManualClock, openTestDatabase, silentLogger } from '#engine/testing';
import { FakeTap } from '../testing/FakeLecture.ts';
import { recordableLectureConformance } from '../testing/recordableLectureConformance.ts';
import type { LectureDriver } from '../testing/recordableLectureConformance.ts';
import { recordableLecture } from './recordLiveLecture.ts';

const userId = UserId.parse(newId('usr'));

async function startLecture(startedAtMs = 0) {
  const database = await openTestDatabase();
  const registry = LectureRegistry.create({ database, plane: new FakeMediaPlane(), clock: new ManualClock(startedAtMs), logger: silentLogger, graceMs: 300_000 });
  const plan = { courseId: CourseId.parse(newId('crs')), title: 'Optics', scheduledAt: null, durationMinutes: null, isRecorded: true, createdBy: userId };
  const live = await registry.start(LectureId.parse((await registry.schedule(plan))._id));
  const close = async () => {
    await registry.close();
    await database.close();
  };
  return { live, close };
}

recordableLectureConformance('A live lecture', async (startedAtMs): Promise<LectureDriver> => {
  const { live, close } = await startLecture(startedAtMs);
  const presenter = live.enter({ userId, displayName: 'Presenter', kind: 'presenter', role: 'owner' });
  return {
    lecture: recordableLecture(live),
    publish: (kind, source, { isPaused, hasMedia }) => {
      const tap = new FakeTap();
      const track = hasMedia ? new FakeTrack(kind) : FakeTrack.withoutMedia(kind);
      const frameSource: FrameSource = {
        frames: tap,
        get hasMedia() {
          return track.hasMedia;
        },
        onMedia: (listener) => track.onMedia(listener),
      };
      const { id } = live.publish(presenter.id, { source, kind, frameSource, track, isPaused });
      return { publicationId: id, tap, sendMedia: () => track.media() };
    },
    setPaused: ({ publicationId }, isPaused) => live.setPaused(presenter.id, PublicationId.parse(publicationId), isPaused),
    unpublish: ({ publicationId }) => live.unpublish(presenter.id, PublicationId.parse(publicationId)),
    lastReport: () => ({ state: live.reports.recording, note: live.reports.recordingNote }),
    close,
  };
});

it('reports the program of an encoder as paused while a presenter is on the air', async () => {
  const { live, close } = await startLecture();
  onTestFinished(close);
  const lecture = recordableLecture(live);
  const changes: unknown[] = [];
  lecture.onPaused((publicationId, isPaused) => changes.push([publicationId, isPaused]));
  const presenter = live.enter({ userId, displayName: 'Presenter', kind: 'presenter', role: 'owner' }).id;
  const program = live.publish(live.attachEncoder('OBS'), { source: 'program', kind: 'video', track: new FakeTrack('video'), isPaused: false }).id;
  const camera = live.publish(presenter, { source: 'camera', kind: 'video', track: new FakeTrack('video'), isPaused: false }).id;
  live.unpublish(presenter, camera);
  expect(changes).toEqual([[camera, false], [program, true], [program, false]]);
  expect(lecture.publications()).toMatchObject([{ publicationId: program, isPaused: false }]);
});
