import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { bench, percentile, until } from '#engine/testing';
import { SyntheticEncoder } from '../../demo/SyntheticEncoder.ts';
import { Classroom } from '../Classroom.ts';
import { isMoving } from '../mediaProbes.ts';
import { frameClockFilter, frameDelaysMs } from './frameClock.ts';

const frames = 600;
/** Until the jitter buffer has settled after the start of the stream. */
const settleMs = 10_000;
const worseLimitMs = 10;
const slowDisk = pathToFileURL(path.resolve(import.meta.dirname, '../../../engine/kernel/database/sqlite/testing/slowDisk.ts')).href;

/** Glass to glass of a recorded lecture that an encoder pushes, on a server of its own. */
async function delaysMs(settings: Record<string, string>): Promise<number[]> {
  const classroom = await Classroom.open({ settings });
  try {
    const lectureId = await classroom.startLecture();
    const room = await classroom.openPage(await classroom.student('Noor'), `/live/${lectureId}`);
    const encoder = new SyntheticEncoder({ url: await classroom.streamUrl(), profile: 'advised', videoFilter: frameClockFilter() });
    await until('the video of the encoder', () => isMoving(room), 30_000);
    await room.waitForTimeout(settleMs);
    const delays = await frameDelaysMs(room, frames);
    await encoder.stop();
    return delays;
  } finally {
    await classroom.close();
  }
}

await bench('a disk that flushes slowly', async (report) => {
  report.say('a lecture alone');
  const alone = await delaysMs({});
  report.figure({ name: 'glass to glass, a lecture alone', unit: 'ms', samples: alone });
  report.say('the same while each flush takes 100 ms');
  const slow = await delaysMs({ NODE_OPTIONS: `--import ${slowDisk}` });
  report.figure({ name: 'glass to glass, each flush of the database takes 100 ms', unit: 'ms', samples: slow });
  const worse = percentile(slow, 0.95) - percentile(alone, 0.95);
  report.figure({ name: 'of that, p95 worse than alone', unit: 'ms', samples: [worse], target: { of: 'median', is: 'atMost', limit: worseLimitMs } });
});
