import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { expect } from 'vitest';
import type { Page } from 'playwright-core';
import type { LectureId } from '#engine/contract';
import { until } from '#engine/testing';
import type { Person } from '../demo/Person.ts';
import { RoomVisit } from '../demo/RoomVisit.ts';
import { SupervisedEncoder } from '../demo/SupervisedEncoder.ts';
import { en } from '../text/en.ts';
import { Classroom } from './Classroom.ts';
import { describeWithOwnServer, it } from './classroomTest.ts';
import { flashTimes } from './flashTimes.ts';
import { freePort } from '../../engine/setup/freePort.ts';

/** The server listens for media at one address and announces another, as behind a firewall that blocks media. */
const [listening, announced] = ['127.0.0.2', '127.0.0.3'];
/** A page gives up a connection after 12 s. */
const reportedWithinMs = 60_000;
/** Long enough for the page to try another connection. */
const retryMs = 5000;

describeWithOwnServer('a network that blocks media', () => {
  let classroom: Classroom;
  let encoder: SupervisedEncoder;
  let student: Person;
  let lectureId: LectureId;
  let room: Page;
  let studio: Page;
  let mediaPort: number;
  let forwarder: Server | undefined;
  let subscribed = 0;
  let openedAtMs: number;

  it.beforeAll(async ({ browser }) => {
    mediaPort = Number(await freePort());
    classroom = await Classroom.open({ browser, settings: { LECTERN_RTC_PORT: String(mediaPort), LECTERN_RTC_LISTEN_ADDRESS: listening, LECTERN_ANNOUNCED_ADDRESS: announced } });
    lectureId = await classroom.startLecture();
    encoder = new SupervisedEncoder({ url: await classroom.streamUrl(), profile: 'gentle', sizePx: '320x180', frameRate: 15, shows: 'flash' });
    await until('the encoder', async () => (await classroom.ada.api.getLecture({ params: { lectureId } })).videoId);
    student = await classroom.student('Noor');
    room = await classroom.openPage(student, '/');
    room.on('websocket', (socket) => socket.on('framesent', ({ payload }) => (subscribed += String(payload).includes('track.subscribe') ? 1 : 0)));
    await room.goto(`${classroom.server.url}/live/${lectureId}`);
    studio = await classroom.openPage(classroom.ada, `/studio/${lectureId}`);
    await studio.getByRole('button', { name: en.studio.continueLive }).click();
    await studio.getByRole('dialog').getByRole('button', { name: en.studio.takeOverDo }).click();
  });

  it.afterAll(async () => {
    forwarder?.close();
    await encoder?.stop();
    await classroom?.close();
  });

  const post = async (text: string) => {
    const visit = await RoomVisit.enter(classroom.server.url, student, lectureId);
    await visit.ask('chat.post', { text });
    visit.leave();
    await room.getByText(text).waitFor();
  };

  it('is reported to student and instructor, who stay in the room and its chat', async () => {
    await room.getByText(en.room.obstacles.blocked.title).waitFor({ timeout: reportedWithinMs });
    await studio.getByText(en.studio.mediaBlocked).waitFor({ timeout: reportedWithinMs });
    const isLost = room.getByText(en.room.connectionLost).waitFor({ timeout: retryMs }).then(() => true, () => false);
    await post('Can you see anything?');
    expect(await isLost).toBe(false);
    await post('I cannot.');
    expect(await room.getByText(en.room.obstacles.blocked.title).isVisible()).toBe(true);
  });

  it('is no longer reported once media gets through, and the page keeps its subscriptions then', async () => {
    openedAtMs = Date.now();
    forwarder = forwardMedia(mediaPort);
    for (const page of [room, studio]) await page.evaluate(() => dispatchEvent(new Event('online')));
    await until('a frame', () => watchedSeconds(room), 60_000);
    await room.getByText(en.room.obstacles.blocked.title).waitFor({ state: 'hidden' });
    await studio.getByText(en.studio.mediaBlocked).waitFor({ state: 'hidden' });
    await untilStill(() => subscribed);
    const before = { subscribed, seconds: await watchedSeconds(room) };
    await until('two more seconds of video', async () => (await watchedSeconds(room)) > before.seconds + 2);
    expect(subscribed).toBeGreaterThan(0);
    expect(subscribed).toBe(before.subscribed);
  });

  it('leaves the recording to the encoder, whose media arrived', async () => {
    const { startedAt, videoId } = await classroom.endRecorded(lectureId);
    const { tracks } = await classroom.ada.api.getPlayback({ params: { videoId } });
    const openedAtSeconds = (openedAtMs - Date.parse(startedAt ?? '')) / 1000;
    const flashes = (await flashTimes(`${classroom.server.url}${tracks[0]?.masterUrl ?? ''}`)).filter((at) => at < openedAtSeconds - 1);
    expect(flashes.length).toBeGreaterThan(15);
    expect(flashes.slice(1).filter((at, index) => at - (flashes[index] ?? 0) > 1.2)).toEqual([]);
    expect(openedAtSeconds - (flashes.at(-1) ?? 0)).toBeLessThan(5);
  });
});

/** Waits until the count has not changed for two seconds. */
async function untilStill(count: () => number): Promise<void> {
  let [seen, sinceMs] = [NaN, 0];
  await until('the count to settle', () => {
    if (seen !== count()) [seen, sinceMs] = [count(), Date.now()];
    return Date.now() - sinceMs > 2000;
  });
}

/** Forwards media over TCP. */
function forwardMedia(port: number): Server {
  return createServer((from) => {
    const to = connect(port, listening);
    from.pipe(to).pipe(from);
    for (const socket of [from, to]) socket.on('error', () => [from, to].forEach((each) => each.destroy()));
  }).listen(port, announced);
}

/** How long the video of the room has played. */
function watchedSeconds(page: Page): Promise<number> {
  return page.locator('video').first().evaluate((video: HTMLVideoElement) => (video.videoWidth > 0 ? video.currentTime : 0));
}
