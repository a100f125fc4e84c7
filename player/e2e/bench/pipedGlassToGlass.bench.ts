// The delay of a viewer on another worker beside one on the worker of the publisher, of one lecture at the same time.
import type { Page } from 'playwright-core';
import { bench, percentile, until } from '#engine/testing';
import { Classroom } from '../Classroom.ts';
import { goLive } from '../goLive.ts';
import { isMoving } from '../mediaProbes.ts';
import { frameDelaysMs, geometry, installClockCamera } from './frameClock.ts';

const rounds = 6;
const framesEach = 150;
/** Until the jitter buffers have settled. */
const settleMs = 10_000;
/** How much later the p95 of a piped viewer may be. */
const laterByMs = 10;

await bench('glass to glass on another worker', async (report) => {
  // The first viewer is on the other worker, the second on the publisher's.
  const classroom = await Classroom.open({ settings: { LECTERN_RTC_WORKERS: '2', LECTERN_RTC_HOME_SHARE: '0' } });
  try {
    const lectureId = await classroom.startLecture();
    await goLive(classroom, lectureId, (studio) => studio.addInitScript(installClockCamera, geometry));
    const watch = async (name: string): Promise<Page> => {
      const room = await classroom.openPage(await classroom.student(name), `/live/${lectureId}`);
      await until('the camera', () => isMoving(room), 30_000);
      return room;
    };
    const [piped, direct] = [await watch('Noor'), await watch('Kim')];
    const { workers } = await classroom.ada.api.listWorkers({});
    report.say(workers.map(({ index, lectures }) => `worker ${index}: ${lectures.map(({ viewers, pipes }) => `${viewers} viewers, ${pipes} pipes`).join()}`).join('; '));
    await direct.waitForTimeout(settleMs);
    const [ofDirect, ofPiped]: [number[], number[]] = [[], []];
    for (let round = 1; round <= rounds; round += 1) {
      ofDirect.push(...(await frameDelaysMs(direct, framesEach)));
      ofPiped.push(...(await frameDelaysMs(piped, framesEach)));
      report.say(`round ${round} of ${rounds}`);
    }
    report.figure({ name: 'browser camera, direct viewer', unit: 'ms', samples: ofDirect, note: 'two pages watch' });
    report.figure({ name: 'browser camera, piped viewer', unit: 'ms', samples: ofPiped, note: 'two pages watch' });
    const later = percentile(ofPiped, 0.95) - percentile(ofDirect, 0.95);
    report.figure({ name: 'p95 of a piped viewer later than of a direct one', unit: 'ms', samples: [later], target: { of: 'median', is: 'atMost', limit: laterByMs } });
  } finally {
    await classroom.close();
  }
});
