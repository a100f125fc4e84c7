// How many viewers the workers serve until one percent of the packets is late or lost, with the viewers on the same machine:
// one lecture on one worker, one on two, and two lectures on two.
import { bench } from '#engine/testing';
import type { BenchReport } from '#engine/testing';
import { ViewerPool } from '../load/ViewerPool.ts';
import { ramp } from './fanOut.ts';
import { BenchServer } from './BenchServer.ts';

const gentle = { videoKbps: 1500, sizePx: '1280x720', seconds: 20 } as const;
/** Of the viewers of two lectures on two workers, so many percent are to be served when they watch one lecture. */
const leastOfSeparate = 90;

interface Case {
  workers: number;
  lectures: number;
  name: string;
}

/** The most viewers. */
async function fanOutOver(report: BenchReport, { workers, lectures: count, name }: Case): Promise<number> {
  await using stack = new AsyncDisposableStack();
  const server = stack.adopt(await BenchServer.open({ workers }), (it) => it.close());
  const pool = stack.adopt(ViewerPool.start(), (it) => it.close());
  const lectures = [];
  for (let index = 1; index <= count; index += 1) lectures.push((await server.goLive(`Lecture ${index}`, gentle)).lectureId);
  report.say(name);
  const { viewers: most, limitedBy, mbpsPerCore, packetsPerCore } = await ramp(report, { server, workers, lectures, pool });
  report.figure({ name: `viewers of ${name} until 1 % is late or lost`, unit: 'viewers', samples: [most], note: `720p30 at 1.5 Mbps and Opus; limited by ${limitedBy}` });
  report.figure({ name: `sent per worker core, ${name}`, unit: 'Mbps', samples: mbpsPerCore });
  report.figure({ name: `packets a second per worker core, ${name}`, unit: 'packets', samples: packetsPerCore });
  return most;
}

await bench('fan-out', async (report) => {
  await fanOutOver(report, { workers: 1, lectures: 1, name: 'one lecture on one worker' });
  const together = await fanOutOver(report, { workers: 2, lectures: 1, name: 'one lecture on two workers' });
  const apart = await fanOutOver(report, { workers: 2, lectures: 2, name: 'two lectures on two workers' });
  report.figure({ name: 'viewers of one lecture on two workers, compared with two lectures', unit: '%', samples: [(100 * together) / apart], target: { of: 'median', is: 'atLeast', limit: leastOfSeparate } });
});
