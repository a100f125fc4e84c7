import type { LectureRow } from './LectureStore.ts';

export interface LiveOnHostOptions {
  registry: { onAir(): Promise<Pick<LectureRow, '_id'>[]> };
  leases: { ownerOf(key: string): Promise<string | undefined> };
  /** All processes of the site. */
  processes: { list(): Promise<{ nodeId: string; hostname: string }[]> };
  /** Of this machine. */
  hostname: string;
}

/** Whether a lecture is live in any process on this machine. A lecture whose machine is unknown may be. */
export async function isLectureLiveOnHost({ registry, leases, processes, hostname }: LiveOnHostOptions): Promise<boolean> {
  const onAir = await registry.onAir();
  if (onAir.length === 0) return false;
  const hosts = new Map((await processes.list()).map((one) => [one.nodeId, one.hostname]));
  const owners = await Promise.all(onAir.map(({ _id }) => leases.ownerOf(_id)));
  return owners.some((nodeId) => nodeId === undefined || (hosts.get(nodeId) ?? hostname) === hostname);
}
