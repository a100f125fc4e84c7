import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CourseId, LectureId, UserId } from '../contract/index.ts';
import type { CourseRole, Participant } from '../contract/index.ts';
import type { Database } from '../kernel/database/index.ts';
import { newId } from '../kernel/newId.ts';
import { FakeMediaPlane, FakeTrack, ManualClock, openTestDatabase, silentLogger, until } from '../testing/index.ts';
import { LectureRegistry } from './LectureRegistry.ts';
import type { LiveLecture } from './LiveLecture.ts';
import type { LectureNotification } from './notifications.ts';

const graceMs = 300_000;
const courseId = CourseId.parse(newId('crs'));
const teacher = UserId.parse(newId('usr'));

let database: Database;
let plane: FakeMediaPlane;
let clock: ManualClock;
let registry: LectureRegistry;

function openRegistry(): LectureRegistry {
  plane = new FakeMediaPlane();
  return LectureRegistry.create({ database, plane, clock, logger: silentLogger, graceMs });
}

async function startLecture(): Promise<LiveLecture> {
  const row = await registry.schedule({ courseId, title: 'Optics', scheduledAt: null, durationMinutes: null, isRecorded: true, createdBy: teacher });
  return registry.start(LectureId.parse(row._id));
}

function enter(lecture: LiveLecture, role: CourseRole, userId = UserId.parse(newId('usr'))): Participant {
  return lecture.enter({ userId, displayName: role, kind: role === 'student' ? 'viewer' : 'presenter', role });
}

beforeEach(async () => {
  database = await openTestDatabase();
  clock = new ManualClock();
  registry = openRegistry();
});

afterEach(async () => {
  await registry.close();
  await database.close();
});

describe('a lecture', () => {
  it('starts once, and refuses a second start', async () => {
    const lecture = await startLecture();
    expect(lecture.view.state).toBe('live');
    await expect(registry.start(lecture.id)).rejects.toMatchObject({ code: 'lecture.alreadyLive' });
  });

  it('cannot be started again once it has ended', async () => {
    const lecture = await startLecture();
    await registry.end(lecture.id, 'presenter');
    await expect(registry.start(lecture.id)).rejects.toMatchObject({ code: 'lecture.ended' });
    expect((await registry.get(lecture.id)).endReason).toBe('presenter');
  });

  it('is interrupted when its last track is lost and resumes when one returns', async () => {
    const lecture = await startLecture();
    const presenter = enter(lecture, 'owner');
    const track = new FakeTrack('video');
    lecture.publish(presenter.id, { source: 'camera', kind: 'video', track, isPaused: false });
    track.close('transportClosed');
    await until('the interruption', () => lecture.view.state === 'interrupted');
    lecture.publish(presenter.id, { source: 'camera', kind: 'video', track: new FakeTrack('video'), isPaused: false });
    await until('the return', () => lecture.view.state === 'live');
    expect((await registry.get(lecture.id)).state).toBe('live');
  });

  it('is interrupted while nothing comes of the tracks on offer, unless someone else brings something', async () => {
    const lecture = await startLecture();
    const encoder = lecture.attachEncoder('Encoder');
    lecture.publish(encoder, { source: 'program', kind: 'video', track: new FakeTrack('video'), isPaused: false });
    lecture.setSilent(encoder, true);
    expect(lecture.view.state).toBe('interrupted');
    lecture.setSilent(encoder, false);
    expect(lecture.view.state).toBe('live');
    const presenter = enter(lecture, 'owner');
    const { id } = lecture.publish(presenter.id, { source: 'camera', kind: 'video', track: new FakeTrack('video'), isPaused: false });
    lecture.setSilent(encoder, true);
    expect(lecture.view.state).toBe('live');
    lecture.publications.get(id).track?.close('transportClosed');
    expect(lecture.view.state).toBe('interrupted');
    clock.advance(graceMs * 12);
    await until('the end', () => registry.live(lecture.id) === undefined);
  });

  it('stays live when a track gives way to another of the same source', async () => {
    const lecture = await startLecture();
    const presenter = enter(lecture, 'owner');
    const signals: LectureNotification['type'][] = [];
    lecture.onNotification(({ type }) => signals.push(type));
    for (let round = 0; round < 2; round += 1) {
      lecture.publish(presenter.id, { source: 'camera', kind: 'video', track: new FakeTrack('video'), isPaused: false });
    }
    expect(lecture.publications.all()).toHaveLength(1);
    await until('the log', () => signals.includes('track.unpublished'));
    expect(signals).not.toContain('lecture.interrupted');
  });

  it('is interrupted when an encoder gives way to one that never delivers', async () => {
    const lecture = await startLecture();
    const encoder = lecture.attachEncoder('Encoder');
    lecture.publish(encoder, { source: 'program', kind: 'video', track: new FakeTrack('video'), isPaused: false });
    lecture.detachEncoder(encoder, 'replaced');
    await until('the interruption', () => lecture.view.state === 'interrupted');
    clock.advance(graceMs);
    await until('the end', () => registry.live(lecture.id) === undefined);
  });

  it('stays live when the presenter takes the last track back', async () => {
    const lecture = await startLecture();
    const presenter = enter(lecture, 'owner');
    const publication = lecture.publish(presenter.id, { source: 'camera', kind: 'video', track: new FakeTrack('video'), isPaused: false });
    lecture.unpublish(presenter.id, publication.id);
    expect(lecture.view.state).toBe('live');
  });

  it('ends by itself when its presenter has taken the last track back and gone', async () => {
    const lecture = await startLecture();
    const presenter = enter(lecture, 'owner');
    const publication = lecture.publish(presenter.id, { source: 'camera', kind: 'video', track: new FakeTrack('video'), isPaused: false });
    lecture.unpublish(presenter.id, publication.id);
    lecture.leave(presenter.id, 'disconnected');
    clock.advance(graceMs);
    await until('the end', () => registry.live(lecture.id) === undefined);
  });

  it('says no more of a track that went while it was being muted', async () => {
    const lecture = await startLecture();
    const presenter = enter(lecture, 'owner');
    const publication = lecture.publish(presenter.id, { source: 'microphone', kind: 'audio', track: new FakeTrack('audio'), isPaused: false });
    const told: string[] = [];
    lecture.onNotification(({ type }) => told.push(type));
    const muted = lecture.setPaused(presenter.id, publication.id, true);
    lecture.unpublish(presenter.id, publication.id);
    await muted;
    expect(told).not.toContain('track.changed');
  });

  it('ends by itself when its grace period runs out with nobody there', async () => {
    const lecture = await startLecture();
    const presenter = enter(lecture, 'owner');
    lecture.publish(presenter.id, { source: 'camera', kind: 'video', track: new FakeTrack('video'), isPaused: false });
    lecture.leave(presenter.id, 'disconnected');
    clock.advance(graceMs - 1);
    expect(lecture.view.state).toBe('interrupted');
    clock.advance(1);
    await until('the end', () => registry.live(lecture.id) === undefined);
    expect((await registry.get(lecture.id)).endReason).toBe('graceExpired');
  });

  it('goes on past the grace period while a presenter is in the room', async () => {
    const lecture = await startLecture();
    enter(lecture, 'owner');
    clock.advance(graceMs * 3);
    expect(lecture.view.state).toBe('live');
  });

  it('is taken up after a restart with its clock, chat, mutes and removals', async () => {
    const lecture = await startLecture();
    const presenter = enter(lecture, 'owner', teacher);
    const student = enter(lecture, 'student');
    clock.advance(10_000);
    await lecture.chat.post(student, 'Why is the sky blue?');
    await lecture.chat.setMuted(presenter, student.userId, true);
    const removed = enter(lecture, 'student');
    await lecture.removals.remove(presenter, removed.userId);
    await registry.close();

    clock.advance(5000);
    registry = openRegistry();
    await registry.recover();
    const again = await registry.requireLive(lecture.id);
    expect(again.view.state).toBe('interrupted');
    expect(again.clockMs).toBe(15_000);
    expect(again.chat.history.map(({ text }) => text)).toEqual(['Why is the sky blue?']);
    expect(again.chat.isMuted(student.userId)).toBe(true);
    expect(() => enter(again, 'student', removed.userId)).toThrow(expect.objectContaining({ code: 'participant.removed' }));
  });

  it('opens a new room when its media worker dies and keeps the encoder’s publication', async () => {
    const lecture = await startLecture();
    const presenter = enter(lecture, 'owner');
    const machine = lecture.attachEncoder('OBS');
    const room = plane.rooms[0];
    const cameraTrack = new FakeTrack('video');
    const programTrack = new FakeTrack('video');
    room?.onClosed((reason) => [cameraTrack, programTrack].forEach((track) => track.close(reason)));
    lecture.publish(presenter.id, { source: 'camera', kind: 'video', track: cameraTrack, isPaused: false });
    const program = lecture.publish(machine, { source: 'program', kind: 'video', frameSource: new FakeTrack('video'), track: programTrack, isPaused: false });
    const signals: LectureNotification['type'][] = [];
    lecture.onNotification(({ type }) => signals.push(type));
    room?.close('workerDied');
    await until('the new room', () => signals.includes('media.reset'));
    expect(plane.rooms).toHaveLength(2);
    expect(lecture.publications.all().map(({ view }) => view.id)).toEqual([program.id]);
    expect(lecture.view.state).toBe('live');
  });
});

describe('an encoder', () => {
  const schedule = (scheduledAt: string) => registry.schedule({ courseId, title: 'Waves', scheduledAt, durationMinutes: 60, isRecorded: true, createdBy: teacher });

  it('starts the lecture that is due now, nearest first', async () => {
    const at = (offsetMinutes: number) => new Date(clock.nowMs() + offsetMinutes * 60_000).toISOString();
    await schedule(at(25));
    const nearest = await schedule(at(-5));
    const live = await registry.openForIngest(courseId);
    expect(live.id).toBe(nearest._id);
    expect(await registry.openForIngest(courseId)).toBe(live);
  });

  it('starts the lecture that was just prepared rather than one that is due', async () => {
    // Due at the very moment the encoder comes, so that only being prepared can win.
    await schedule(new Date(clock.nowMs() + 61_000).toISOString());
    const prepare = () => registry.schedule({ courseId, title: 'Now', scheduledAt: null, durationMinutes: null, isRecorded: true, createdBy: teacher });
    await prepare();
    clock.advance(60_000);
    const newest = await prepare();
    clock.advance(1000);
    expect((await registry.openForIngest(courseId)).id).toBe(newest._id);
  });

  it('is told what to do when nothing is live or due', async () => {
    await schedule(new Date(clock.nowMs() + 31 * 60_000).toISOString());
    await expect(registry.openForIngest(courseId)).rejects.toMatchObject({ code: 'lecture.notFound', message: expect.stringContaining('start one') });
  });
});

describe('moderation', () => {
  it('is for those who run the lecture', async () => {
    const lecture = await startLecture();
    const student = enter(lecture, 'student');
    const other = enter(lecture, 'student');
    const message = await lecture.chat.post(other, 'hello');
    await expect(lecture.chat.delete(student, message.id)).rejects.toMatchObject({ code: 'access.denied' });
    await expect(lecture.chat.setSlowMode(student, 1000)).rejects.toMatchObject({ code: 'access.denied' });
    await expect(lecture.removals.remove(student, other.userId)).rejects.toMatchObject({ code: 'access.denied' });
    expect(() => lecture.hands.set(other.id, true, student)).toThrow(expect.objectContaining({ code: 'access.denied' }));
  });

  it('deletes a message from the room and from the replay', async () => {
    const lecture = await startLecture();
    const presenter = enter(lecture, 'owner');
    const message = await lecture.chat.post(enter(lecture, 'student'), 'spam');
    const texts = async () => (await registry.chats.page(lecture.id)).messages.map(({ text }) => text);
    expect(await texts()).toEqual(['spam']);
    await lecture.chat.post(presenter, 'Please.');
    expect(await Promise.all([texts(), texts()])).toEqual([['spam', 'Please.'], ['spam', 'Please.']]);
    await lecture.chat.delete(presenter, message.id);
    expect(lecture.chat.history.map(({ text }) => text)).toEqual(['Please.']);
    expect(await texts()).toEqual(['Please.']);
  });

  it('slows students down, by interval and by burst, and says how long', async () => {
    const lecture = await startLecture();
    const presenter = enter(lecture, 'owner');
    const student = enter(lecture, 'student');
    for (let index = 0; index < 5; index += 1) await lecture.chat.post(student, `message ${index}`);
    await expect(lecture.chat.post(student, 'too many')).rejects.toMatchObject({ code: 'request.tooFrequent', details: { retryAfterMs: 10_000 } });
    clock.advance(10_000);
    await lecture.chat.setSlowMode(presenter, 30_000);
    clock.advance(20_000);
    await lecture.chat.post(student, 'one');
    clock.advance(12_000);
    await expect(lecture.chat.post(student, 'two')).rejects.toMatchObject({ code: 'chat.slow', details: { retryAfterMs: 18_000 } });
  });

  it('keeps someone removed out of the lecture and its replay', async () => {
    const lecture = await startLecture();
    const presenter = enter(lecture, 'owner', teacher);
    const student = enter(lecture, 'student');
    await lecture.removals.remove(presenter, student.userId);
    expect(lecture.roster.has(student.id)).toBe(false);
    await registry.end(lecture.id, 'presenter');
    expect(await registry.isRemoved(student.userId, lecture.id)).toBe(true);
    expect(await registry.isRemoved(teacher, lecture.id)).toBe(false);
  });
});
