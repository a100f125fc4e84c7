import type { Page } from 'playwright-core';
import { bench, until } from '#engine/testing';
import type { BenchReport } from '#engine/testing';
import { SyntheticEncoder } from '../../demo/SyntheticEncoder.ts';
import { en } from '../../text/en.ts';
import { Classroom } from '../Classroom.ts';
import { startSending } from '../goLive.ts';
import { isMoving } from '../mediaProbes.ts';
import { firstFrameMs, installFirstFrameClock } from './firstFrame.ts';

const joins = 20;

/** Joins by the button on the course page and leaves by going back, again and again. */
async function measureJoins(page: Page, report: BenchReport): Promise<number[]> {
  const samples: number[] = [];
  for (let join = 1; join <= joins; join += 1) {
    await page.reload();
    await page.getByRole('link', { name: en.course.joinLive }).waitFor();
    // At any moment of a group of pictures.
    await page.waitForTimeout(500 + Math.random() * 2000);
    await page.getByRole('link', { name: en.course.joinLive }).click();
    samples.push(await firstFrameMs(page));
    report.say(`join ${join} of ${joins}: ${Math.round(samples.at(-1) ?? NaN)} ms`);
    await page.goBack();
  }
  return samples;
}

await bench('join, click to first frame', async (report) => {
  const classroom = await Classroom.open();
  try {
    const noor = await classroom.student('Noor');
    const lectureId = await classroom.startLecture();
    const page = await classroom.openPage(noor, '/');
    await page.addInitScript(installFirstFrameClock);
    await page.goto(`${classroom.server.url}/courses/${classroom.courseId}`);

    const encoder = new SyntheticEncoder({ url: await classroom.streamUrl(), profile: 'obs' });
    const room = await classroom.openPage(await classroom.student('Kim'), `/live/${lectureId}`);
    await until('the video of the encoder', () => isMoving(room), 30_000);
    report.figure({ name: 'OBS defaults, re-encoded', unit: 'ms', samples: await measureJoins(page, report), target: { of: 'p95', is: 'atMost', limit: 1000 } });
    await encoder.stop();

    const studio = await classroom.openPage(classroom.ada, `/studio/${lectureId}`);
    await startSending(studio);
    await until('the camera', () => isMoving(room), 30_000);
    report.figure({ name: 'browser source', unit: 'ms', samples: await measureJoins(page, report), target: { of: 'p95', is: 'atMost', limit: 400 } });
  } finally {
    await classroom.close();
  }
});
