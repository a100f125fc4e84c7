import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import type { LectureId } from '#engine/contract';
import { until } from '#engine/testing';
import type { Person } from '../demo/Person.ts';
import { RoomVisit } from '../demo/RoomVisit.ts';
import { SupervisedEncoder } from '../demo/SupervisedEncoder.ts';
import { en } from '../text/en.ts';
import { Classroom, freePort } from './Classroom.ts';
import { flashTimes } from './flashTimes.ts';

/** Media is taken at the one address and told to go to the other, as behind a firewall that lets only the pages through. */
const [taken, told] = ['127.0.0.2', '127.0.0.3'];
/** A connection that is not made within 12 s is given up. */
const knownWithinMs = 20_000;
/** Another is tried in it. */
const triesMs = 5000;
/** The tracks of encoder and studio, over each link that was tried, are some twenty; taken again and again they would be forty. */
const mostSubscribed = 30;

describe('a network that lets no media through', () => {
  let classroom: Classroom;
  let encoder: SupervisedEncoder;
  let student: Person;
  let lectureId: LectureId;
  let room: Page;
  let studio: Page;
  let mediaPort: number;
  let way: Server | undefined;
  let subscribed = 0;
  let openedAtMs: number;

  beforeAll(async () => {
    mediaPort = Number(await freePort());
    classroom = await Classroom.open({ LECTERN_RTC_PORT: String(mediaPort), LECTERN_RTC_LISTEN_ADDRESS: taken, LECTERN_ANNOUNCED_ADDRESS: told });
    lectureId = await classroom.startLecture();
    encoder = new SupervisedEncoder({ url: await classroom.streamUrl(), profile: 'gentle', sizePx: '320x180', frameRate: 15, shows: 'flash' });
    await until('the encoder', async () => (await classroom.ada.api.getLecture({ params: { lectureId } })).videoId);
    student = await classroom.student('Noor');
    room = await classroom.openPage(student, '/');
    room.on('websocket', (socket) => socket.on('framesent', ({ payload }) => (subscribed += String(payload).includes('track.subscribe') ? 1 : 0)));
    await room.goto(`${classroom.server.url}/live/${lectureId}`);
    studio = await classroom.openPage(classroom.ada, `/studio/${lectureId}`);
    await studio.getByRole('button', { name: en.studio.continueLive }).click();
  });

  afterAll(async () => {
    way?.close();
    await encoder.stop();
    await classroom.close();
  });

  const say = async (text: string) => {
    const visit = await RoomVisit.enter(classroom.server.url, student, lectureId);
    await visit.ask('chat.post', { text });
    visit.leave();
    await room.getByText(text).waitFor();
  };

  it('is named to a student and an instructor, who stay in the room and its chat', async () => {
    await room.getByText(en.room.mediaBlocked).waitFor({ timeout: knownWithinMs });
    await studio.getByText(en.studio.mediaBlocked).waitFor({ timeout: knownWithinMs });
    let isEverAway = false;
    const away = room.getByText(en.room.connectionLost).waitFor({ timeout: triesMs }).then(() => (isEverAway = true), () => undefined);
    await say('Can you see anything?');
    await away;
    expect(isEverAway).toBe(false);
    await say('I cannot.');
    expect(await room.getByText(en.room.mediaBlocked).isVisible()).toBe(true);
  });

  it('is forgotten once media gets through, and each track is taken once then', async () => {
    openedAtMs = Date.now();
    way = openWay(mediaPort);
    for (const page of [room, studio]) await page.evaluate(() => dispatchEvent(new Event('online')));
    await until('a picture', () => watchedSeconds(room), 30_000);
    await room.getByText(en.room.mediaBlocked).waitFor({ state: 'hidden' });
    await studio.getByText(en.studio.mediaBlocked).waitFor({ state: 'hidden' });
    await untilStill(() => subscribed);
    const before = { subscribed, seconds: await watchedSeconds(room) };
    await room.waitForTimeout(3000);
    expect(await watchedSeconds(room)).toBeGreaterThan(before.seconds + 1);
    expect(subscribed).toBe(before.subscribed);
    expect(subscribed).toBeGreaterThan(0);
    expect(subscribed).toBeLessThan(mostSubscribed);
  });

  it('leaves the recording to the encoder, whose picture did come', async () => {
    const { startedAt, videoId } = await classroom.endRecorded(lectureId);
    const { tracks } = await classroom.ada.api.getPlayback({ params: { videoId } });
    const openedAtSeconds = (openedAtMs - Date.parse(startedAt ?? '')) / 1000;
    const flashes = (await flashTimes(`${classroom.server.url}${tracks[0]?.masterUrl ?? ''}`)).filter((at) => at < openedAtSeconds - 1);
    expect(flashes.length).toBeGreaterThan(15);
    expect(flashes.slice(1).filter((at, index) => at - (flashes[index] ?? 0) > 1.2)).toEqual([]);
    expect(openedAtSeconds - (flashes.at(-1) ?? 0)).toBeLessThan(2.5);
  });
});

/** Nothing is counted for two seconds. */
async function untilStill(count: () => number): Promise<void> {
  let [seen, sinceMs] = [NaN, 0];
  await until('it to be still', () => {
    if (seen !== count()) [seen, sinceMs] = [count(), Date.now()];
    return Date.now() - sinceMs > 2000;
  });
}

/** Lets media through, over TCP. */
function openWay(port: number): Server {
  return createServer((from) => {
    const to = connect(port, taken);
    from.pipe(to).pipe(from);
    for (const socket of [from, to]) socket.on('error', () => [from, to].forEach((each) => each.destroy()));
  }).listen(port, told);
}

/** How long the picture of the room has moved. */
function watchedSeconds(page: Page): Promise<number> {
  return page.locator('video').first().evaluate((video: HTMLVideoElement) => (video.videoWidth > 0 ? video.currentTime : 0));
}
