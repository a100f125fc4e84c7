import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CourseId, LectureId, PublicationId, UserId } from '../contract/index.ts';
import type { ParticipantId, Publication } from '../contract/index.ts';
import type { Database } from '../kernel/database/index.ts';
import { newId } from '../kernel/newId.ts';
import { FakeMediaPlane, FakeTrack, ManualClock, openTestDatabase, silentLogger } from '../testing/index.ts';
import { LectureRegistry } from './LectureRegistry.ts';
import type { LiveLecture } from './LiveLecture.ts';

const teacher = UserId.parse(newId('usr'));

describe('A publication with a source of its own', () => {
  let database: Database;
  let registry: LectureRegistry;
  let lecture: LiveLecture;
  let session: ParticipantId;
  let source: FakeTrack;
  let changes: Publication[];

  const publish = (track?: FakeTrack) => lecture.publish(session, { source: 'program', kind: 'video', frameSource: source, track, isPaused: false }).id;
  const closeReasonOf = (track: FakeTrack) => {
    const reasons: string[] = [];
    track.onClosed((reason) => reasons.push(reason));
    return reasons;
  };

  beforeEach(async () => {
    database = await openTestDatabase();
    registry = LectureRegistry.create({ database, plane: new FakeMediaPlane(), clock: new ManualClock(), logger: silentLogger, graceMs: 300_000 });
    const row = await registry.schedule({ courseId: CourseId.parse(newId('crs')), title: 'Optics', scheduledAt: null, durationMinutes: null, isRecorded: true, createdBy: teacher });
    lecture = await registry.start(LectureId.parse(row._id));
    changes = [];
    lecture.onNotification((notification) => notification.type === 'track.changed' && changes.push(notification.publication));
    session = lecture.attachEncoder('Encoder');
    source = new FakeTrack('video');
  });

  afterEach(async () => {
    await registry.close();
    await database.close();
  });

  it('needs no track', () => {
    const publication = lecture.publications.get(publish());
    expect(publication.track).toBeUndefined();
    expect(publication.source).toBe(source);
    expect(lecture.view.state).toBe('live');
  });

  it('announces the track that is attached later', async () => {
    const id = publish();
    const track = new FakeTrack('video');
    await lecture.attachTrack(id, track);
    expect(lecture.publications.get(id).track).toBe(track);
    expect(changes.map((change) => change.id)).toEqual([id]);
  });

  it.each(['workerDied', 'unpublished', 'transportClosed'] as const)('outlives a track that closes with %s', (reason) => {
    const track = new FakeTrack('video');
    const id = publish(track);
    track.close(reason);
    expect(lecture.publications.get(id).track).toBeUndefined();
    expect(lecture.view.state).toBe('live');
  });

  it('closes the track before when another is attached, and keeps the new one', async () => {
    const [before, after] = [new FakeTrack('video'), new FakeTrack('video')];
    const id = publish(before);
    const reasons = closeReasonOf(before);
    await lecture.attachTrack(id, after);
    expect(reasons).toEqual(['replaced']);
    expect(lecture.publications.get(id).track).toBe(after);
  });

  it('closes its track when it is removed', () => {
    const track = new FakeTrack('video');
    publish(track);
    const reasons = closeReasonOf(track);
    lecture.detachEncoder(session, 'disconnected');
    expect(reasons).toEqual(['participantLeft']);
    expect(lecture.publications.all()).toEqual([]);
  });

  it('pauses a track that is attached while it is paused', async () => {
    const id = publish();
    await lecture.setPaused(session, id, true);
    const track = new FakeTrack('video');
    await lecture.attachTrack(id, track);
    expect(track.isPaused).toBe(true);
    expect(changes.at(-1)).toMatchObject({ id, isPaused: true });
  });

  it('has to exist when a track is attached', async () => {
    await expect(lecture.attachTrack(PublicationId.parse(newId('pub')), new FakeTrack('video'))).rejects.toMatchObject({ code: 'publication.notFound' });
  });
});

describe('A publication of a track', () => {
  it('reads its frames from the track and ends with it', async () => {
    const database = await openTestDatabase();
    const registry = LectureRegistry.create({ database, plane: new FakeMediaPlane(), clock: new ManualClock(), logger: silentLogger, graceMs: 300_000 });
    const row = await registry.schedule({ courseId: CourseId.parse(newId('crs')), title: 'Optics', scheduledAt: null, durationMinutes: null, isRecorded: true, createdBy: teacher });
    const lecture = await registry.start(LectureId.parse(row._id));
    const presenter = lecture.enter({ userId: teacher, displayName: 'Ada', kind: 'presenter', role: 'owner' });
    const track = new FakeTrack('video');
    const { id } = lecture.publish(presenter.id, { source: 'camera', kind: 'video', track, isPaused: false });
    expect(lecture.publications.get(id).source).toBe(track);
    track.close('workerDied');
    expect(lecture.publications.find(id)).toBeUndefined();
    await registry.close();
    await database.close();
  });
});
