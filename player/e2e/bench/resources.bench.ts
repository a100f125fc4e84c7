import { bench, processTree, totalCpuSeconds, totalResidentMb, until } from '#engine/testing';
import type { BenchReport } from '#engine/testing';
import { SyntheticEncoder } from '../../demo/SyntheticEncoder.ts';
import { Classroom } from '../Classroom.ts';
import { goLive } from '../goLive.ts';
import { isMoving } from '../mediaProbes.ts';

const windows = 6;
const windowMs = 10_000;
/** For the start, and the first segments. */
const settleMs = 10_000;

interface Use {
  /** CPU time per wall time, of the server and its children. */
  cores: number[];
  residentMb: number[];
}

async function measureUse(pid: number): Promise<Use> {
  const use: Use = { cores: [], residentMb: [] };
  await pause(settleMs);
  for (let window = 0; window < windows; window += 1) {
    const [startedAt, cpuBefore] = [performance.now(), totalCpuSeconds(processTree(pid))];
    await pause(windowMs);
    const tree = processTree(pid);
    use.cores.push((totalCpuSeconds(tree) - cpuBefore) / ((performance.now() - startedAt) / 1000));
    use.residentMb.push(totalResidentMb(tree));
  }
  return use;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
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
    addFigures(report, ['no lecture at all', await measureUse(pid)]);

    const lectureId = await classroom.startLecture();
    const url = await classroom.streamUrl();
    for (const profile of ['gentle', 'obs'] as const) {
      const encoder = new SyntheticEncoder({ url, profile });
      await until('the encoder', async () => (await classroom.ada.api.getLecture({ params: { lectureId } })).state === 'live');
      const name = profile === 'gentle' ? 'RTMP 720p30, copied' : 'RTMP 720p30 as OBS sends it by default, re-encoded';
      addFigures(report, [name, await measureUse(pid), profile === 'gentle' ? 0.08 : undefined]);
      await encoder.stop();
    }

    await goLive(classroom, lectureId);
    const room = await classroom.openPage(await classroom.student('Noor'), `/live/${lectureId}`);
    await until('the camera', () => isMoving(room), 30_000);
    await room.close();
    addFigures(report, ['browser camera and microphone', await measureUse(pid)]);
  } finally {
    await classroom.close();
  }
});
