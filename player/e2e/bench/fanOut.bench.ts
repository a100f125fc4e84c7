// How many viewers the workers serve until one percent of the packets is late or lost, with the viewers on the same machine.
import { bench } from '#engine/testing';
import type { BenchReport } from '#engine/testing';
import { ViewerPool } from '../load/ViewerPool.ts';
import { ramp } from './fanOut.ts';
import { BenchServer } from './BenchServer.ts';

const gentle = { videoKbps: 1500, sizePx: '1280x720', seconds: 20 } as const;

async function fanOutOver(report: BenchReport, workers: number): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const server = stack.adopt(await BenchServer.open({ workers }), (it) => it.close());
  const pool = stack.adopt(ViewerPool.start(), (it) => it.close());
  const lectures = [];
  for (let index = 1; index <= workers; index += 1) lectures.push((await server.goLive(`Lecture ${index}`, gentle)).lectureId);
  const { viewers: most, limitedBy, mbpsPerCore, packetsPerCore } = await ramp(report, { server, lectures, pool });
  const on = workers === 1 ? 'one worker' : `${workers} workers`;
  const spread = workers === 1 ? '' : '; a lecture each, as a lecture is on one worker';
  report.figure({ name: `viewers on ${on} until 1 % is late or lost`, unit: 'viewers', samples: [most], note: `720p30 at 1.5 Mbps and Opus${spread}; limited by ${limitedBy}` });
  report.figure({ name: `sent per worker core, ${on}`, unit: 'Mbps', samples: mbpsPerCore });
  report.figure({ name: `packets a second per worker core, ${on}`, unit: 'packets', samples: packetsPerCore });
}

await bench('fan-out', async (report) => {
  for (const workers of [1, 2]) await fanOutOver(report, workers);
});
