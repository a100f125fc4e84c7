import { LectureRegistry } from '#engine';
import type { FrameSource } from '#engine';
import { CourseId, LectureId, PublicationId, UserId } from '#engine/contract';
import type { ParticipantId } from '#engine/contract';
import { newId, openSqliteDatabase } from '#engine/kernel';
import { FakeMediaPlane, FakeTrack, ManualClock, silentLogger } from '#engine/testing';
import { FakeTap } from '../testing/FakeLecture.ts';
import { recordableLectureConformance } from '../testing/recordableLectureConformance.ts';
import type { LectureDriver } from '../testing/recordableLectureConformance.ts';
import { recordableLecture } from './recordLiveLecture.ts';

recordableLectureConformance('A live lecture', async (startedAtMs): Promise<LectureDriver> => {
  const database = await openSqliteDatabase({ path: ':memory:' });
  const registry = LectureRegistry.create({ database, plane: new FakeMediaPlane(), clock: new ManualClock(startedAtMs), logger: silentLogger, graceMs: 300_000 });
  const userId = UserId.parse(newId('usr'));
  const plan = { courseId: CourseId.parse(newId('crs')), title: 'Optics', scheduledAt: null, durationMinutes: null, isRecorded: true, createdBy: userId };
  const live = await registry.start(LectureId.parse((await registry.schedule(plan))._id));
  const presenters = new Map<string, ParticipantId>();
  const presenterOf = (publicationId: string): [ParticipantId, PublicationId] => {
    const presenter = presenters.get(publicationId);
    if (!presenter) throw new Error('unknown publication');
    return [presenter, PublicationId.parse(publicationId)];
  };
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
      const presenter = live.enter({ userId, displayName: 'Presenter', kind: 'presenter', role: 'owner' });
      const { id } = live.publish(presenter.id, { source, kind, frameSource, track, isPaused });
      presenters.set(id, presenter.id);
      return { publicationId: id, tap, sendMedia: () => track.media() };
    },
    setPaused: ({ publicationId }, isPaused) => live.setPaused(...presenterOf(publicationId), isPaused),
    unpublish: ({ publicationId }) => live.unpublish(...presenterOf(publicationId)),
    lastReport: () => ({ state: live.recording, note: live.recordingNote }),
    close: async () => {
      await registry.close();
      await database.close();
    },
  };
});
