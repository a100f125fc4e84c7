import { describe, expect, it } from 'vitest';
import { ManualClock, openTestDatabase, silentLogger } from '../../testing/index.ts';
import { NodeDirectory } from './NodeDirectory.ts';
import type { NodeState } from './NodeDirectory.ts';

const state = (load: number): NodeState => ({ signalingPath: `/nodes/${load}/socket.io`, rtmpAddress: null, load });

describe('The live nodes of a site', () => {
  async function directory() {
    const [clock, database] = [new ManualClock(), await openTestDatabase()];
    return { clock, database, nodes: new NodeDirectory({ database, clock, logger: silentLogger }) };
  }

  it('are listed with the least busy one first, and found by their id', async () => {
    const { nodes } = await directory();
    await nodes.announce('nod_a', () => state(0.5));
    await nodes.announce('nod_b', () => state(0.25));
    expect((await nodes.list()).map(({ nodeId }) => nodeId)).toEqual(['nod_b', 'nod_a']);
    expect(await nodes.find('nod_a')).toEqual({ nodeId: 'nod_a', ...state(0.5) });
    expect(await nodes.find('nod_c')).toBeUndefined();
  });

  it('announce what has changed', async () => {
    const { nodes, clock } = await directory();
    let load = 0;
    await nodes.announce('nod_a', () => state(load));
    load = 0.75;
    clock.advance(5000);
    await expect.poll(async () => (await nodes.find('nod_a'))?.load).toBe(0.75);
  });

  it('are no longer listed when they stop, or some time after they have died', async () => {
    const { nodes, clock, database } = await directory();
    const stop = await nodes.announce('nod_a', () => state(0));
    await nodes.announce('nod_b', () => state(0));
    await stop();
    expect((await nodes.list()).map(({ nodeId }) => nodeId)).toEqual(['nod_b']);
    const later = new NodeDirectory({ database, clock: new ManualClock(clock.nowMs() + 300_000), logger: silentLogger });
    expect(await later.list()).toEqual([]);
  });

  it('are chosen last when they have been silent for some time', async () => {
    const { nodes, clock, database } = await directory();
    await nodes.announce('nod_idle', () => state(0));
    const later = new NodeDirectory({ database, clock: new ManualClock(clock.nowMs() + 15_000), logger: silentLogger });
    await later.announce('nod_busy', () => state(0.9));
    expect((await later.list()).map(({ nodeId }) => nodeId)).toEqual(['nod_busy', 'nod_idle']);
  });
});
