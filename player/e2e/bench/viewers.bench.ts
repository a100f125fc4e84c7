// What a viewer costs: memory while watching, CPU of forwarding beside mediasoup alone, CPU of joining.
import { bench } from '#engine/testing';
import { ViewerPool } from '../load/ViewerPool.ts';
import { forwardingCost } from './forwardingCost.ts';
import { joinCost } from './joinCost.ts';
import { BenchServer } from './BenchServer.ts';
import { viewerMemory } from './viewerMemory.ts';

const gentle = { videoKbps: 1500, sizePx: '1280x720', seconds: 20 } as const;
/** So little media that joining stands out. */
const thin = { videoKbps: 50, sizePx: '320x180', seconds: 20 } as const;

await bench('per viewer', async (report) => {
  await using stack = new AsyncDisposableStack();
  const hall = stack.adopt(await BenchServer.open(), (it) => it.close());
  const crowd = stack.adopt(ViewerPool.start(), (it) => it.close());

  const thinHall = await hall.goLive('Joining', thin);
  await joinCost(report, { hall, crowd, lectureId: thinHall.lectureId });
  await thinHall.encoder.stop();

  const { lectureId } = await hall.goLive('Watching', gentle);
  await forwardingCost(report, { hall, crowd, lectureId });
  await viewerMemory(report, { hall, crowd, lectureId });
});
