import { setTimeout as sleep } from 'node:timers/promises';
import { bench, until } from '#engine/testing';
import type { BenchReport } from '#engine/testing';
import { SyntheticEncoder } from '../../demo/SyntheticEncoder.ts';
import { Classroom } from '../Classroom.ts';
import { goLive } from '../goLive.ts';
import { isMoving } from '../mediaProbes.ts';
import { measureUse } from './measureUse.ts';
import type { Use } from './measureUse.ts';

/** For the start, and the first segments. */
const settleMs = 10_000;

async function settledUse(pid: number): Promise<Use> {
  await sleep(settleMs);
  return measureUse(pid);
}

function addFigures(report: BenchReport, [name, use, maxCores]: [name: string, use: Use, maxCores?: number]): void {
  report.say(name);
  const target = maxCores === undefined ? {} : { target: { of: 'median' as const, is: 'atMost' as const, limit: maxCores } };
  report.figure({ name: `CPU, ${name}`, unit: 'core', samples: use.cores, ...target });
  report.figure({ name: `memory, ${name}`, unit: 'MB', samples: use.residentMb });
}

await bench('one lecture with its recording', async (report) => {
  const classroom = await Classroom.open();
  try {
    const pid = classroom.server.pid ?? 0;
    addFigures(report, ['no lecture at all', await settledUse(pid)]);

    const lectureId = await classroom.startLecture();
    const url = await classroom.streamUrl();
    for (const profile of ['gentle', 'obs'] as const) {
      const encoder = new SyntheticEncoder({ url, profile });
      await until('the encoder', async () => (await classroom.ada.api.getLecture({ params: { lectureId } })).state === 'live');
      const name = profile === 'gentle' ? 'RTMP 720p30, copied' : 'RTMP 720p30 as OBS sends it by default, re-encoded';
      addFigures(report, [name, await settledUse(pid), profile === 'gentle' ? 0.08 : undefined]);
      await encoder.stop();
    }

    await goLive(classroom, lectureId);
    const room = await classroom.openPage(await classroom.student('Noor'), `/live/${lectureId}`);
    await until('the camera', () => isMoving(room), 30_000);
    await room.close();
    addFigures(report, ['browser camera and microphone', await settledUse(pid)]);
  } finally {
    await classroom.close();
  }
});
