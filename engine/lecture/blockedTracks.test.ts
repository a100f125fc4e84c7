import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CourseId, LectureId, UserId } from '../contract/index.ts';
import type { Participant } from '../contract/index.ts';
import type { Database } from '../kernel/database/index.ts';
import { newId } from '../kernel/newId.ts';
import { FakeMediaPlane, FakeTrack, ManualClock, openTestDatabase, silentLogger, until } from '../testing/index.ts';
import { LectureRegistry } from './LectureRegistry.ts';
import type { LiveLecture } from './LiveLecture.ts';

const graceMs = 300_000;
const teacher = UserId.parse(newId('usr'));

describe('A track without media, as behind a firewall', () => {
  let database: Database;
  let clock: ManualClock;
  let registry: LectureRegistry;
  let lecture: LiveLecture;
  let states: string[];
  let presenter: Participant;
  let track: FakeTrack;

  const publish = (published = FakeTrack.withoutMedia('video'), source: 'camera' | 'screen' = 'camera') => {
    lecture.publish(presenter.id, { source, kind: 'video', track: published, isPaused: false });
    return published;
  };

  beforeEach(async () => {
    database = await openTestDatabase();
    clock = new ManualClock();
    registry = LectureRegistry.create({ database, plane: new FakeMediaPlane(), clock, logger: silentLogger, graceMs });
    const row = await registry.schedule({ courseId: CourseId.parse(newId('crs')), title: 'Optics', scheduledAt: null, durationMinutes: null, isRecorded: true, createdBy: teacher });
    lecture = await registry.start(LectureId.parse(row._id));
    states = [];
    lecture.onNotification(({ type }) => type.startsWith('lecture.') && type !== 'lecture.gapChanged' && states.push(type));
    presenter = lecture.enter({ userId: teacher, displayName: 'Ada', kind: 'presenter', role: 'owner' });
    track = publish();
  });

  afterEach(async () => {
    await registry.close();
    await database.close();
  });

  it('does not keep a lecture live', async () => {
    clock.advance(12 * graceMs);
    await until('the end', () => registry.live(lecture.id) === undefined);
    expect((await registry.get(lecture.id)).endReason).toBe('graceExpired');
  });

  it('keeps a lecture live from its first media on', () => {
    track.media();
    clock.advance(20 * graceMs);
    expect(lecture.view.state).toBe('live');
  });

  it('does not interrupt a lecture when it is published and closed again', async () => {
    track.media();
    track.close('transportClosed');
    await until('the interruption', () => states.length > 0);
    for (let tries = 0; tries < 3; tries += 1) publish().close('replaced');
    await lecture.close();
    expect(states).toEqual(['lecture.interrupted']);
  });

  it('does not interrupt a lecture when it replaces another track, or closes', async () => {
    track.media();
    publish().close('transportClosed');
    await lecture.close();
    expect(states).toEqual([]);
  });

  it('does not count when the last track with media closes', async () => {
    const sending = publish(new FakeTrack('video'), 'screen');
    sending.close('transportClosed');
    await until('the interruption', () => lecture.view.state === 'interrupted');
  });
});
