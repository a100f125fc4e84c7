import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import type { LectureId } from '#engine/contract';
import { until } from '#engine/testing';
import type { Person } from '../demo/Person.ts';
import { RoomVisit } from '../demo/RoomVisit.ts';
import { SupervisedEncoder } from '../demo/SupervisedEncoder.ts';
import { en } from '../text/en.ts';
import { Classroom } from './Classroom.ts';

/** Media is told to go where nobody takes it, as behind a firewall that lets only the pages through. */
const blocked = { LECTERN_RTC_LISTEN_ADDRESS: '127.0.0.2', LECTERN_ANNOUNCED_ADDRESS: '127.0.0.3' };
const open = { LECTERN_RTC_LISTEN_ADDRESS: '0.0.0.0', LECTERN_ANNOUNCED_ADDRESS: '' };
/** A connection that is not made within 12 s is given up. */
const knownWithinMs = 20_000;
/** Another is tried in it, and given up. */
const triesMs = 13_000;

describe('a network that lets no media through', () => {
  let classroom: Classroom;
  let encoder: SupervisedEncoder;
  let student: Person;
  let lectureId: LectureId;
  let room: Page;

  beforeAll(async () => {
    classroom = await Classroom.open(blocked);
    lectureId = await classroom.startLecture();
    encoder = new SupervisedEncoder({ url: await classroom.streamUrl(), profile: 'gentle', sizePx: '320x180', frameRate: 15, shows: 'flash' });
    student = await classroom.student('Noor');
    room = await classroom.openPage(student, `/live/${lectureId}`);
  });

  afterAll(async () => {
    await encoder.stop();
    await classroom.close();
  });

  const say = async (text: string) => {
    const visit = await RoomVisit.enter(classroom.server.url, student, lectureId);
    await visit.ask('chat.post', { text });
    visit.leave();
    await room.getByText(text).waitFor();
  };

  it('is named to a student, who stays in the room and its chat', async () => {
    await room.getByText(en.room.mediaBlocked).waitFor({ timeout: knownWithinMs });
    let isEverAway = false;
    const away = room.getByText(en.room.connectionLost).waitFor({ timeout: triesMs }).then(() => (isEverAway = true), () => undefined);
    await say('Can you see anything?');
    await away;
    expect(isEverAway).toBe(false);
    await say('I cannot.');
    expect(await room.getByText(en.room.mediaBlocked).isVisible()).toBe(true);
  });

  it('is forgotten once media gets through', async () => {
    await classroom.server.stop();
    await classroom.restart({ settings: open });
    const playing = () => room.locator('video').first().evaluate((video: HTMLVideoElement) => video.videoWidth > 0 && video.currentTime);
    const firstSeconds = await until('a picture', playing, 30_000);
    await until('it to move', async () => Number(await playing()) > Number(firstSeconds));
    await room.getByText(en.room.mediaBlocked).waitFor({ state: 'hidden' });
  });
});
