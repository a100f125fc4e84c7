import { afterEach, describe, expect, it } from 'vitest';
import { CourseId, LectureId, UserId } from '../contract/index.ts';
import { InProcessBus } from '../kernel/bus/index.ts';
import { NodeDirectory } from '../kernel/nodes/index.ts';
import { newId } from '../kernel/newId.ts';
import { LeaseKeeper } from '../kernel/ownership/index.ts';
import { FakeMediaPlane, openTestDatabase, silentLogger as logger, ManualClock } from '../testing/index.ts';
import { LectureRegistry } from './LectureRegistry.ts';
import { noMediaPlane } from './noMediaPlane.ts';
import { LectureOwners, serveOwnerRequests } from './ownerRequests.ts';

const [courseId, userId] = [CourseId.parse(newId('crs')), UserId.parse(newId('usr'))];
const closings: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

/** A site of two live nodes, and a process that owns no lectures. */
async function openSite() {
  const database = await openTestDatabase();
  const clock = new ManualClock();
  const bus = new InProcessBus({ clock, logger });
  const nodes = new NodeDirectory({ database, clock, logger });
  const open = (nodeId: string, plane = noMediaPlane) => {
    const leases = new LeaseKeeper({ database, nodeId, isShared: true, clock, logger });
    const registry = LectureRegistry.create({ database, plane, clock, logger, leases, graceMs: 60_000 });
    closings.push(() => leases.close(), () => registry.close());
    return { leases, registry };
  };
  const openLive = async (name: string, load: number) => {
    const plane = new FakeMediaPlane();
    const node = open(`nod_${name}`, plane);
    await nodes.announce(`nod_${name}`, () => ({ signalingPath: `/nodes/${name}/socket.io`, rtmpAddress: null, load }));
    const stop = await serveOwnerRequests({ bus, registry: node.registry, plane, clock, leases: node.leases });
    return { ...node, plane, stop };
  };
  const [busy, idle] = [await openLive('busy', 0.9), await openLive('idle', 0.1)];
  const { registry, leases } = open('nod_api');
  const owners = new LectureOwners({ bus, leases, nodes, registry, clock });
  const schedule = async () => LectureId.parse((await registry.schedule({ courseId, title: 'Before', scheduledAt: null, durationMinutes: null, isRecorded: false, createdBy: userId }))._id);
  return { busy, idle, registry, owners, schedule, nodes, clock };
}

describe('A process that owns no lectures', () => {
  it('has a lecture started on the least busy node, and ended by it', async () => {
    const { busy, idle, registry, owners, schedule } = await openSite();
    const lectureId = await schedule();
    await owners.start(lectureId);
    expect([busy.registry.live(lectureId), idle.registry.live(lectureId)?.id]).toEqual([undefined, lectureId]);
    expect(await owners.signalingPathOf(lectureId)).toBe('/nodes/idle/socket.io');
    await owners.end(lectureId, 'presenter');
    expect(idle.registry.live(lectureId)).toBeUndefined();
    expect(await registry.get(lectureId)).toMatchObject({ state: 'ended', endReason: 'presenter' });
  });

  it('gets the errors of the owner, and changes nothing', async () => {
    const { owners, schedule } = await openSite();
    const [first, second] = [await schedule(), await schedule()];
    await expect(owners.end(first, 'presenter')).rejects.toMatchObject({ code: 'lecture.notLive' });
    await owners.start(first);
    await expect(owners.start(second)).rejects.toMatchObject({ code: 'lecture.alreadyLive', details: { lectureId: first } });
    await owners.end(first, 'removed');
    await expect(owners.end(first, 'presenter')).rejects.toMatchObject({ code: 'lecture.ended' });
    await expect(owners.readmit(first, { userId, byUserId: userId })).rejects.toMatchObject({ code: 'participant.notFound' });
  });

  it('has a lecture started on the next node when the least busy one is gone', async () => {
    const { busy, idle, owners, schedule } = await openSite();
    idle.stop();
    const lectureId = await schedule();
    await owners.start(lectureId);
    expect(busy.registry.live(lectureId)?.id).toBe(lectureId);
    busy.stop();
    await expect(owners.start(await schedule())).rejects.toMatchObject({ code: 'media.unavailable' });
  });

  it('waits for the new owner while a lecture is taken over, and says so when there is none', async () => {
    const { idle, owners, schedule, clock } = await openSite();
    const lectureId = await schedule();
    await owners.start(lectureId);
    idle.stop();
    const refused = expect(owners.end(lectureId, 'presenter')).rejects.toMatchObject({ code: 'owner.notFound' });
    const passing = setInterval(() => clock.advance(500), 5);
    await refused;
    clearInterval(passing);
  });

  it('has a removed person let in again by the owner', async () => {
    const { idle, owners, schedule, registry } = await openSite();
    const lectureId = await schedule();
    await owners.start(lectureId);
    const live = idle.registry.live(lectureId);
    const student = UserId.parse(newId('usr'));
    const moderator = live?.enter({ userId, displayName: 'Ada', kind: 'presenter', role: 'owner' });
    const guest = live?.enter({ userId: student, displayName: 'Noor', kind: 'viewer', role: 'student' });
    await live?.removals.remove(moderator!, guest!.userId);
    await owners.readmit(lectureId, { userId: student, byUserId: userId });
    expect(live?.removals.all()).toEqual([]);
    expect(await registry.isRemoved(student, lectureId)).toBe(false);
  });

  it('gives the live lecture of another node its new title', async () => {
    const { idle, owners, schedule, registry } = await openSite();
    const lectureId = await schedule();
    await owners.start(lectureId);
    await registry.update(lectureId, { title: 'After' });
    owners.renamed(lectureId);
    await expect.poll(() => idle.registry.live(lectureId)?.view.title).toBe('After');
  });

  it('sees the media workers of all nodes', async () => {
    const { owners, idle } = await openSite();
    const of = (nodeId: string) => idle.plane.workers.map((worker) => ({ ...worker, nodeId }));
    expect(await owners.workers()).toEqual([...of('nod_busy'), ...of('nod_idle')]);
  });
});

describe('A live node', () => {
  it('lets go of a lecture as soon as another one says that it owns it', async () => {
    const { busy, idle, owners, schedule, clock } = await openSite();
    const lectureId = await schedule();
    await owners.start(lectureId);
    const former = idle.registry.live(lectureId);
    // It hears the other node before it can renew.
    for (let seconds = 0; seconds <= 5; seconds += 1) {
      clock.nowMs = () => Date.UTC(2030, 0, 1) + seconds * 1000;
      await busy.leases.observe([lectureId]);
    }
    await busy.registry.requireLive(lectureId);
    await expect.poll(() => idle.registry.live(lectureId)).toBeUndefined();
    expect(busy.registry.live(lectureId)?.fence).toBeGreaterThan(former?.fence ?? Infinity);
  });
});
