import { bench, until } from '#engine/testing';
import { SyntheticEncoder } from '../../demo/SyntheticEncoder.ts';
import { Classroom } from '../Classroom.ts';
import { isMoving } from '../mediaProbes.ts';
import { firstFrameMs, installFirstFrameClock } from './firstFrame.ts';

const lectures = 5;
const liveMs = 60_000;
const pollMs = 20;

await bench('end of a lecture to its replay', async (report) => {
  const classroom = await Classroom.open();
  try {
    const noor = await classroom.student('Noor');
    const encoder = new SyntheticEncoder({ url: await classroom.streamUrl(), profile: 'gentle' });
    const page = await classroom.openPage(noor, '/');
    await page.addInitScript(installFirstFrameClock);
    const [playable, shown]: [number[], number[]] = [[], []];
    for (let lecture = 1; lecture <= lectures; lecture += 1) {
      report.say(`lecture ${lecture} of ${lectures}, a minute each`);
      const lectureId = await classroom.startLecture(`Lecture ${lecture}`);
      await page.goto(`${classroom.server.url}/live/${lectureId}`);
      await until('the picture', () => isMoving(page), 30_000);
      await page.waitForTimeout(liveMs);

      const endedAt = performance.now();
      const { videoId } = await classroom.ada.api.endLecture({ params: { lectureId } });
      if (!videoId) throw new Error('the lecture was recorded');
      const { tracks } = await noor.api.getPlayback({ params: { videoId } });
      await until('the whole recording', () => isWhole(new URL(tracks[0]?.masterUrl ?? '', classroom.server.url)), 20_000);
      playable.push(performance.now() - endedAt);

      await page.goto(`${classroom.server.url}/courses/${classroom.courseId}`);
      await page.locator(`a[href="/watch/${videoId}"]`).first().click();
      await page.locator('video').first().evaluate((video: HTMLVideoElement) => video.play());
      shown.push(await firstFrameMs(page));
    }
    await encoder.stop();
    report.figure({ name: 'after one minute, last playlist and segments are there', unit: 'ms', samples: playable, target: { of: 'p95', is: 'atMost', limit: 1000 } });
    report.figure({ name: 'click on the replay to its first picture', unit: 'ms', samples: shown });
  } finally {
    await classroom.close();
  }
});

/** Every playlist is ended, and its last segment can be fetched. */
async function isWhole(masterUrl: URL): Promise<boolean> {
  const master = await text(masterUrl);
  const uris = [...master.matchAll(/^(?!#)\S+|URI="([^"]+)"/gm)].map(([line, quoted]) => quoted ?? line);
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
