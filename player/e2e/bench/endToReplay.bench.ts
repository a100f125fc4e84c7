import type { LectureId, VideoId } from '#engine/contract';
import { bench, until } from '#engine/testing';
import type { BenchReport } from '#engine/testing';
import type { Person } from '../../demo/Person.ts';
import { RoomVisit } from '../../demo/RoomVisit.ts';
import { SupervisedEncoder } from '../../demo/SupervisedEncoder.ts';
import { Classroom } from '../Classroom.ts';
import { lengthenRecording } from '../lengthenRecording.ts';
import { isMoving } from '../mediaProbes.ts';
import { firstFrameMs, installFirstFrameClock } from './firstFrame.ts';

const lectures = 5;
const minuteMs = 60_000;
const longLectures = 3;
/** The earlier hours are made of them. */
const templateSegments = 4;
const lastHalfMinuteMs = 30_000;
const pollMs = 20;

/** After a minute: until the recording is complete, and from a click on the replay to its first frame. */
async function afterAMinute(report: BenchReport): Promise<{ completeMs: number[]; shownMs: number[] }> {
  await using stack = new AsyncDisposableStack();
  const classroom = stack.adopt(await Classroom.open(), (it) => it.close());
  const noor = await classroom.student('Noor');
  stack.adopt(await encoderOf(classroom), (it) => it.stop());
  const page = await classroom.openPage(noor, '/');
  await page.addInitScript(installFirstFrameClock);
  const [completeMs, shownMs]: [number[], number[]] = [[], []];
  for (let lecture = 1; lecture <= lectures; lecture += 1) {
    report.say(`lecture ${lecture} of ${lectures}, a minute each`);
    const lectureId = await classroom.startLecture(`Lecture ${lecture}`);
    await page.goto(`${classroom.server.url}/live/${lectureId}`);
    await until('the video', () => isMoving(page), 30_000);
    await page.waitForTimeout(minuteMs);
    const ended = await endToComplete(classroom, noor, lectureId);
    completeMs.push(ended.completeMs);

    await page.goto(`${classroom.server.url}/courses/${classroom.courseId}`);
    await page.locator(`a[href="/watch/${ended.videoId}"]`).first().click();
    await page.locator('video').first().evaluate((video: HTMLVideoElement) => video.play());
    shownMs.push(await firstFrameMs(page));
  }
  return { completeMs, shownMs };
}

/** A lecture of two hours: one segment, repeated, and half a minute of recorded media at the end. */
async function afterTwoHours(report: BenchReport): Promise<number> {
  await using stack = new AsyncDisposableStack();
  const classroom = stack.adopt(await Classroom.open(), (it) => it.close());
  const noor = await classroom.student('Noor');
  const lectureId = await classroom.startLecture('A long lecture');
  const visit = await RoomVisit.enter(classroom.server.url, noor, lectureId);
  await visit.ask('chat.post', { text: 'Is this on the exam?' });
  visit.leave();
  const page = await classroom.openPage(noor, `/live/${lectureId}`);
  stack.adopt(await encoderOf(classroom), (it) => it.stop());
  await until('the video', () => isMoving(page), 30_000);
  await until('some segments', () => hasSegments(classroom, noor, lectureId), 30_000);
  await classroom.server.kill();
  lengthenRecording({ dataFolder: classroom.dataFolder, lectureId, hours: 2, messageEverySeconds: 5 });
  report.say('the server restarts in the second hour of a lecture');
  await classroom.restart();
  await page.reload();
  await until('the video', () => isMoving(page), 30_000);
  await page.waitForTimeout(lastHalfMinuteMs);
  return (await endToComplete(classroom, noor, lectureId)).completeMs;
}

async function endToComplete(classroom: Classroom, student: Person, lectureId: LectureId): Promise<{ videoId: VideoId; completeMs: number }> {
  const endedAt = performance.now();
  const { videoId } = await classroom.ada.api.endLecture({ params: { lectureId } });
  if (!videoId) throw new Error('the lecture was recorded');
  const { tracks } = await student.api.getPlayback({ params: { videoId } });
  await until('the complete recording', () => isComplete(new URL(tracks[0]?.masterUrl ?? '', classroom.server.url)), 20_000);
  return { videoId, completeMs: performance.now() - endedAt };
}

async function hasSegments(classroom: Classroom, student: Person, lectureId: LectureId): Promise<boolean> {
  const { videoId } = await student.api.getLecture({ params: { lectureId } });
  if (!videoId) return false;
  const { tracks } = await student.api.getPlayback({ params: { videoId } }).catch(() => ({ tracks: [] }));
  const [main] = tracks;
  if (!main) return false;
  const playlist = await text(new URL(main.masterUrl.replace(/[^/]+$/, 'main-video.m3u8'), classroom.server.url));
  return (playlist.match(/#EXTINF/g)?.length ?? 0) >= templateSegments;
}

async function encoderOf(classroom: Classroom): Promise<SupervisedEncoder> {
  return new SupervisedEncoder({ url: await classroom.streamUrl(), profile: 'gentle' });
}

/** Whether every playlist has ended and its last segment can be fetched. */
async function isComplete(masterUrl: URL): Promise<boolean> {
  const multivariant = await text(masterUrl);
  const uris = [...multivariant.matchAll(/^(?!#)\S+|URI="([^"]+)"/gm)].map(([line, quoted]) => quoted ?? line);
  for (const uri of uris) {
    const url = new URL(uri, masterUrl);
    const playlist = await text(url);
    const last = playlist.split('\n').findLast((line) => line !== '' && !line.startsWith('#'));
    if (!playlist.includes('#EXT-X-ENDLIST') || !last) {
      await new Promise((resolve) => setTimeout(resolve, pollMs));
      return false;
    }
    const segment = await fetch(new URL(last, url));
    if (!segment.ok) throw new Error(`${last}: ${segment.status}`);
    await segment.arrayBuffer();
  }
  return uris.length > 0;
}

async function text(url: URL): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname}: ${response.status} ${await response.text()}`);
  return response.text();
}

await bench('end of a lecture to its replay', async (report) => {
  const { completeMs, shownMs } = await afterAMinute(report);
  const afterHoursMs: number[] = [];
  for (let lecture = 1; lecture <= longLectures; lecture += 1) afterHoursMs.push(await afterTwoHours(report));
  const target = { of: 'p95', is: 'atMost', limit: 1000 } as const;
  report.figure({ name: 'after one minute, last playlist and segments are available', unit: 'ms', samples: completeMs, target });
  report.figure({ name: 'after two hours, last playlist and segments are available', unit: 'ms', samples: afterHoursMs, target });
  report.figure({ name: 'click on the replay to its first frame', unit: 'ms', samples: shownMs });
});
