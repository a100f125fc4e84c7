import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CourseId, LectureId, UserId } from '../contract/index.ts';
import type { CourseRole, LectureEventType } from '../contract/index.ts';
import type { Database } from '../kernel/database/index.ts';
import { newId } from '../kernel/newId.ts';
import { FakeMediaPlane, FakeTrack, ManualClock, openTestDatabase, silentLogger } from '../testing/index.ts';
import { LectureRegistry } from './LectureRegistry.ts';
import type { LiveLecture } from './LiveLecture.ts';

const courseId = CourseId.parse(newId('crs'));
const [owner, assistant] = [UserId.parse(newId('usr')), UserId.parse(newId('usr'))];

describe('An encoder', () => {
  let database: Database;
  let registry: LectureRegistry;
  let lecture: LiveLecture;

  const enter = (userId: UserId, role: CourseRole) => lecture.enter({ userId, displayName: role, kind: 'presenter', role });
  const publish = () => lecture.publish(lecture.attachEncoder('OBS'), { source: 'program', kind: 'video', track: new FakeTrack('video'), isPaused: false }).id;

  beforeEach(async () => {
    database = await openTestDatabase();
    registry = LectureRegistry.create({ database, plane: new FakeMediaPlane(), clock: new ManualClock(), logger: silentLogger, graceMs: 300_000 });
    const row = await registry.schedule({ courseId, title: 'Optics', scheduledAt: null, durationMinutes: null, isRecorded: true, createdBy: assistant });
    lecture = await registry.start(LectureId.parse(row._id));
  });

  afterEach(async () => {
    await registry.close();
    await database.close();
  });

  it('stays published when the person who created the lecture is removed from it', async () => {
    const [presenter, program] = [enter(owner, 'owner'), publish()];
    enter(assistant, 'assistant');
    await lecture.removals.remove(presenter, assistant);
    expect(lecture.publications.find(program)).toBeDefined();
    expect(lecture.view.state).toBe('live');
  });

  it('attaches although the person who created the lecture was removed from it', async () => {
    await lecture.removals.remove(enter(owner, 'owner'), assistant);
    expect(lecture.publications.find(publish())).toBeDefined();
  });

  it.each(['removed', 'enrolled as a student'])('stays published when the person who created the lecture is %s', (change) => {
    const program = publish();
    enter(assistant, 'assistant');
    if (change === 'removed') registry.expel(assistant, courseId, 'expelled');
    else registry.setRole(assistant, courseId, 'student');
    expect(lecture.roster.ofUser(assistant)).toEqual([]);
    expect(lecture.publications.find(program)).toBeDefined();
  });

  it('is not counted among the people', () => {
    publish();
    expect([lecture.roster.peopleCount, lecture.roster.hasPresenter]).toEqual([0, false]);
  });

  it('replaces the one before', () => {
    const [first, second] = [publish(), publish()];
    expect(lecture.publications.find(first)).toBeUndefined();
    expect(lecture.publications.find(second)).toBeDefined();
  });

  it('is noted in the log without a person', () => {
    const events: { type: LectureEventType; data: unknown }[] = [];
    lecture.onNotification((notification) => 'seq' in notification && events.push(notification));
    const encoderId = lecture.attachEncoder('OBS');
    lecture.detachEncoder(encoderId, 'disconnected');
    lecture.detachEncoder(encoderId, 'disconnected');
    expect(events.map(({ type, data }) => ({ type, data }))).toEqual([
      { type: 'encoder.attached', data: { participantId: encoderId, displayName: 'OBS' } },
      { type: 'encoder.detached', data: { participantId: encoderId, reason: 'disconnected' } },
    ]);
  });

  it('cannot attach once the lecture has ended', async () => {
    await lecture.end('presenter');
    expect(() => lecture.attachEncoder('OBS')).toThrow(expect.objectContaining({ code: 'lecture.ended' }));
  });
});
