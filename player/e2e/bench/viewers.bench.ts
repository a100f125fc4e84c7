// The cost of a viewer: memory while watching, CPU of forwarding compared with bare mediasoup, CPU of joining.
import { bench } from '#engine/testing';
import { ViewerPool } from '../load/ViewerPool.ts';
import { forwardingCost } from './forwardingCost.ts';
import { joinCost } from './joinCost.ts';
import { BenchServer } from './BenchServer.ts';
import { viewerMemory } from './viewerMemory.ts';

const gentle = { videoKbps: 1500, sizePx: '1280x720', seconds: 20 } as const;
/** So little media that the cost of joining is visible. */
const thin = { videoKbps: 50, sizePx: '320x180', seconds: 20 } as const;

await bench('per viewer', async (report) => {
  await using stack = new AsyncDisposableStack();
  const server = stack.adopt(await BenchServer.open(), (it) => it.close());
  const pool = stack.adopt(ViewerPool.start(), (it) => it.close());

  const joining = await server.goLive('Joining', thin);
  await joinCost(report, { server, pool, lectureId: joining.lectureId });
  await joining.encoder.stop();

  const { lectureId } = await server.goLive('Watching', gentle);
  await forwardingCost(report, { server, pool, lectureId });
  await viewerMemory(report, { server, pool, lectureId });
});
