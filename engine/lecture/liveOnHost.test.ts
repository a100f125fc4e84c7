import { describe, expect, it } from 'vitest';
import { isLectureLiveOnHost } from './liveOnHost.ts';

const processes = { list: async () => [{ nodeId: 'nod_a', hostname: 'here' }, { nodeId: 'nod_b', hostname: 'there' }] };

function isLiveHere(owners: Record<string, string | undefined>): Promise<boolean> {
  const registry = { onAir: async () => Object.keys(owners).map((_id) => ({ _id })) };
  return isLectureLiveOnHost({ registry, leases: { ownerOf: async (key) => owners[key] }, processes, hostname: 'here' });
}

describe('A lecture', () => {
  it('is live on a machine when a process there owns it', async () => {
    expect(await isLiveHere({})).toBe(false);
    expect(await isLiveHere({ lec_1: 'nod_b' })).toBe(false);
    expect(await isLiveHere({ lec_1: 'nod_b', lec_2: 'nod_a' })).toBe(true);
  });

  it('counts as live on every machine while its owner is unknown', async () => {
    expect(await isLiveHere({ lec_1: undefined })).toBe(true);
    expect(await isLiveHere({ lec_1: 'nod_gone' })).toBe(true);
  });
});
