// The process of a `ViewerPool`: many viewers, in another process than the server and the bench.
import { Asked } from './poolMessages.ts';
import type { PoolResponse, PoolCount, PoolRequest } from './poolMessages.ts';
import { LoadViewer } from './LoadViewer.ts';
import { RtpRelay } from './RtpRelay.ts';

/** Each viewer reports ten times a second, a quarter of them at a time. */
const quarterMs = 25;
const quarters = 4;

const groups = new Map<string, LoadViewer[]>();

function viewersOf(group: string): LoadViewer[] {
  const viewers = groups.get(group) ?? [];
  groups.set(group, viewers);
  return viewers;
}

let quarter = 0;
setInterval(() => {
  quarter = (quarter + 1) % quarters;
  for (const viewers of groups.values()) {
    for (let index = quarter; index < viewers.length; index += quarters) viewers[index]?.report();
  }
}, quarterMs);

async function join({ group, viewers: addresses, atOnce, relay }: Extract<PoolRequest, { type: 'join' }>): Promise<PoolResponse> {
  const viewers = viewersOf(group);
  const waiting = [...addresses];
  const connectedMs: number[] = [];
  const problems: string[] = [];
  const joinNext = async () => {
    for (let address = waiting.shift(); address; address = waiting.shift()) {
      try {
        const viewer = await LoadViewer.join(address, relay && new RtpRelay(relay));
        viewers.push(viewer);
        connectedMs.push(viewer.connectedMs);
      } catch (err) {
        problems.push(String(err));
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, joinNext));
  return { connectedMs, problems };
}

function count(viewers: readonly LoadViewer[]): PoolCount {
  const sum: PoolCount = { viewers: viewers.length, packets: 0, bytes: 0, lost: 0, late: 0, worstDelayMs: 0, decrypted: 0, reopenedTransports: 0 };
  for (const viewer of viewers) {
    const { packets, bytes, lost, late, worstDelayMs } = viewer.count();
    sum.packets += packets;
    sum.bytes += bytes;
    sum.lost += lost;
    sum.late += late;
    sum.worstDelayMs = Math.max(sum.worstDelayMs, worstDelayMs);
    sum.decrypted += viewer.decrypted;
    sum.reopenedTransports += viewer.reopenedTransports;
  }
  return sum;
}

async function respond(request: PoolRequest): Promise<PoolResponse> {
  const viewers = viewersOf(request.group);
  switch (request.type) {
    case 'join':
      return join(request);
    case 'setPaused':
      await Promise.all(viewers.map((viewer) => viewer.setPaused(request.isPaused)));
      return {};
    case 'mark':
      for (const viewer of viewers) viewer.mark(performance.now());
      return {};
    case 'count':
      return { count: count(viewers) };
    case 'leave':
      for (const viewer of viewers.splice(-request.count)) viewer.leave();
      return {};
  }
}

process.on('message', (message) => {
  const { id, request } = Asked.parse(message);
  respond(request).then(
    (answer) => process.send?.({ id, answer }),
    (err: unknown) => process.send?.({ id, problem: err instanceof Error ? (err.stack ?? err.message) : String(err) }),
  );
});
process.on('disconnect', () => process.exit(0));
