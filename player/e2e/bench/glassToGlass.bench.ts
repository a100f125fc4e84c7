import { bench, until } from '#engine/testing';
import { SyntheticEncoder } from '../../demo/SyntheticEncoder.ts';
import { Classroom } from '../Classroom.ts';
import { goLive } from '../goLive.ts';
import { isMoving } from '../mediaProbes.ts';
import { encoderDelaysMs } from './encoderDelay.ts';
import { geometry, installClockCamera, frameClockFilter, frameDelaysMs } from './frameClock.ts';

const frames = 600;
/** Until the jitter buffer has settled after the start of the stream. */
const settleMs = 10_000;

await bench('glass to glass', async (report) => {
  const classroom = await Classroom.open();
  try {
    const lectureId = await classroom.startLecture();
    const room = await classroom.openPage(await classroom.student('Noor'), `/live/${lectureId}`);
    const url = await classroom.streamUrl();

    for (const profile of ['obs', 'advised'] as const) {
      const encoder = new SyntheticEncoder({ url, profile, videoFilter: frameClockFilter() });
      await until('the video of the encoder', () => isMoving(room), 30_000);
      await room.waitForTimeout(settleMs);
      const name = profile === 'obs' ? 'OBS defaults over RTMP, re-encoded' : 'OBS as the README advises, copied';
      report.say(name);
      const target = profile === 'obs' ? { of: 'p95' as const, is: 'atMost' as const, limit: 600 } : undefined;
      report.figure({ name, unit: 'ms', samples: await frameDelaysMs(room, frames), ...(target ? { target } : {}) });
      await encoder.stop();
      await until('the video to be gone', async () => !(await isMoving(room)), 30_000);
      report.figure({ name: `${name}: of that, inside the encoder`, unit: 'ms', samples: await encoderDelaysMs(profile) });
    }

    await goLive(classroom, lectureId, (studio) => studio.addInitScript(installClockCamera, geometry));
    await until('the camera', () => isMoving(room), 30_000);
    await room.waitForTimeout(settleMs);
    report.say('browser');
    report.figure({ name: 'browser camera', unit: 'ms', samples: await frameDelaysMs(room, frames), target: { of: 'p95', is: 'atMost', limit: 200 } });
  } finally {
    await classroom.close();
  }
});
