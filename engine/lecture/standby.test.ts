import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CourseId, LectureId, UserId } from '../contract/index.ts';
import type { ParticipantId, Publication, PublicationId, TrackSource } from '../contract/index.ts';
import type { Database } from '../kernel/database/index.ts';
import { newId } from '../kernel/newId.ts';
import { FakeMediaPlane, FakeTrack, ManualClock, openTestDatabase, silentLogger } from '../testing/index.ts';
import { LectureRegistry } from './LectureRegistry.ts';
import type { LiveLecture } from './LiveLecture.ts';

const teacher = UserId.parse(newId('usr'));
type Changed = Pick<Publication, 'id' | 'isStandby'>;

describe('On the air', () => {
  let database: Database;
  let registry: LectureRegistry;
  let lecture: LiveLecture;
  let changes: Changed[];

  beforeEach(async () => {
    database = await openTestDatabase();
    registry = LectureRegistry.create({ database, plane: new FakeMediaPlane(), clock: new ManualClock(), logger: silentLogger, graceMs: 300_000 });
    const row = await registry.schedule({ courseId: CourseId.parse(newId('crs')), title: 'Optics', scheduledAt: null, durationMinutes: null, isRecorded: true, createdBy: teacher });
    lecture = await registry.start(LectureId.parse(row._id));
    changes = [];
    lecture.onNotification((notification) => {
      if (notification.type === 'track.changed') changes.push({ id: notification.publication.id, isStandby: notification.publication.isStandby });
    });
  });

  afterEach(async () => {
    await registry.close();
    await database.close();
  });

  const enter = () => lecture.enter({ userId: teacher, displayName: 'Presenter', kind: 'presenter', role: 'owner' }).id;

  function publish(by: ParticipantId, source: TrackSource, track = new FakeTrack(source === 'microphone' ? 'audio' : 'video')): PublicationId {
    return lecture.publish(by, { source, kind: track.kind, track, isPaused: false }).id;
  }

  const isStandby = (id: PublicationId) => lecture.publications.get(id).view.isStandby;

  it('is the only source', () => {
    expect(lecture.hasBroadcast).toBe(false);
    const camera = publish(enter(), 'camera');
    expect([isStandby(camera), changes, lecture.hasBroadcast]).toEqual([false, [], true]);
  });

  it('is a presenter who starts beside an encoder, until the presenter stops; then it is the encoder', () => {
    const [encoder, presenter] = [lecture.attachEncoder('OBS'), enter()];
    const program = publish(encoder, 'program');
    const camera = publish(presenter, 'camera');
    expect([isStandby(program), isStandby(camera)]).toEqual([true, false]);
    lecture.unpublish(presenter, camera);
    expect(isStandby(program)).toBe(false);
    expect(lecture.view.state).toBe('live');
  });

  it('stays with a presenter when an encoder connects', () => {
    const presenter = enter();
    const camera = publish(presenter, 'camera');
    const program = publish(lecture.attachEncoder('OBS'), 'program');
    expect([isStandby(camera), isStandby(program), changes]).toEqual([false, true, []]);
    lecture.leave(presenter, 'disconnected');
    expect(isStandby(program)).toBe(false);
  });

  it('goes to the presenter who starts last, also for two pages of one person', () => {
    const [first, second] = [enter(), enter()];
    const earlier = [publish(first, 'camera'), publish(first, 'microphone')];
    const camera = publish(second, 'camera');
    expect([...earlier.map(isStandby), isStandby(camera)]).toEqual([true, true, false]);
    const more = publish(first, 'camera');
    expect([isStandby(more), isStandby(camera)]).toEqual([true, false]);
  });

  it('goes to a new source when its media arrives, not before', () => {
    const program = publish(lecture.attachEncoder('OBS'), 'program');
    const track = FakeTrack.withoutMedia('video');
    const camera = publish(enter(), 'camera', track);
    expect([isStandby(program), isStandby(camera)]).toEqual([false, true]);
    track.media();
    expect([isStandby(program), isStandby(camera)]).toEqual([true, false]);
    expect(changes).toEqual([
      { id: camera, isStandby: false },
      { id: program, isStandby: true },
    ]);
  });

  it('is a screen beside the camera or the encoder of someone else, and the screen that is shared last', () => {
    const program = publish(lecture.attachEncoder('OBS'), 'program');
    const first = publish(enter(), 'screen');
    expect([isStandby(program), isStandby(first)]).toEqual([false, false]);
    const second = publish(enter(), 'screen');
    expect([isStandby(program), isStandby(first), isStandby(second)]).toEqual([false, true, false]);
  });

  it('is what an instructor chooses while both send, also after the encoder reconnects, until another presenter starts', () => {
    const [encoder, presenter] = [lecture.attachEncoder('OBS'), enter()];
    const program = publish(encoder, 'program');
    const camera = publish(presenter, 'camera');
    lecture.choose(encoder);
    expect([isStandby(program), isStandby(camera)]).toEqual([false, true]);
    lecture.choose(presenter);
    expect([isStandby(program), isStandby(camera)]).toEqual([true, false]);
    lecture.choose(encoder);
    expect(isStandby(publish(presenter, 'microphone'))).toBe(true);
    lecture.detachEncoder(encoder, 'disconnected');
    expect(isStandby(camera)).toBe(false);
    const again = publish(lecture.attachEncoder('OBS'), 'program');
    expect([isStandby(again), isStandby(camera)]).toEqual([false, true]);
    expect(isStandby(publish(enter(), 'camera'))).toBe(false);
    expect(isStandby(again)).toBe(true);
  });

  it('cannot be somebody who sends nothing', () => {
    expect(() => lecture.choose(enter())).toThrow(expect.objectContaining({ code: 'publication.notFound' }));
  });

  it('loses the audio of a participant who leaves before the video', () => {
    const presenter = enter();
    const ids = [publish(presenter, 'camera'), publish(presenter, 'microphone')];
    const ended: string[] = [];
    lecture.onNotification((notification) => {
      if (notification.type === 'track.unpublished') ended.push(notification.data.publicationId);
    });
    lecture.leave(presenter, 'disconnected');
    expect(ended).toEqual(ids.reverse());
  });
});
