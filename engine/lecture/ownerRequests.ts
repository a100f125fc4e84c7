// What a process requests of the live nodes: of the one that owns a lecture, or of the one that shall own it.
import * as z from 'zod';
import { CodedError, isCoded, LectureEndReason, LectureId, LiveReport, LiveSample, UserId, WorkerReport } from '../contract/index.ts';
import type { NodeWorker } from '../contract/index.ts';
import { endpoint, topic } from '../kernel/bus/index.ts';
import type { Bus, Unsubscribe } from '../kernel/bus/index.ts';
import type { Clock } from '../kernel/Clock.ts';
import type { NodeDirectory } from '../kernel/nodes/index.ts';
import type { LeaseKeeper } from '../kernel/ownership/index.ts';
import { delay } from '../kernel/retry.ts';
import type { LectureRegistry } from './LectureRegistry.ts';
import { LiveMonitor } from './LiveMonitor.ts';
import type { MediaPlane } from './ports.ts';
import { requireOnAir } from './lectureState.ts';
import { ownerRequestDeadlineMs, takeoverRetryMs, takeoverWithinMs } from './limits.ts';

const nothing = z.object({});
const startLecture = endpoint('lecture.start', { request: z.object({ lectureId: LectureId }), response: nothing });
const awaitLecture = endpoint('lecture.await', { request: z.object({ lectureId: LectureId }), response: z.object({ isLive: z.boolean() }) });
const endLecture = endpoint('lecture.end', { request: z.object({ lectureId: LectureId, reason: LectureEndReason }), response: nothing });
const readmitParticipant = endpoint('lecture.readmit', { request: z.object({ lectureId: LectureId, userId: UserId, byUserId: UserId }), response: nothing });
/** A node has taken a lecture, by a lease with this number. Its former owner may not have noticed: it cannot reach the database. */
const lectureOwned = topic('lecture.owned', z.object({ lectureId: LectureId, fence: z.number().int() }));
const listWorkers = endpoint('node.workers', { request: nothing, response: z.object({ workers: z.array(WorkerReport) }) });

const listLive = endpoint('node.lectures', { request: nothing, response: z.object({ lectures: z.array(LiveReport) }) });
const listSamples = endpoint('lecture.samples', { request: z.object({ lectureId: LectureId }), response: z.object({ samples: z.array(LiveSample) }) });

/** The row of a lecture has a new title. */
export const lectureRenamed = topic('lecture.renamed', z.object({ lectureId: LectureId }));

export interface OwnerRequestsOptions {
  bus: Bus;
  registry: LectureRegistry;
  plane: Pick<MediaPlane, 'workers'>;
  clock: Clock;
  leases: LeaseKeeper;
}

/** Answers what other processes request of this live node. */
export async function serveOwnerRequests({ bus, registry, plane, clock, leases }: OwnerRequestsOptions): Promise<Unsubscribe> {
  const { nodeId } = leases;
  const monitor = LiveMonitor.start({ registry, plane, clock });
  const renameAll = async () => {
    for (const { id } of registry.allLive()) await registry.applyTitle(id);
  };
  const unsubscribes = [
    await bus.serve(startLecture, nodeId, async ({ lectureId }) => {
      await registry.start(lectureId);
      return {};
    }),
    await bus.serve(awaitLecture, nodeId, async ({ lectureId }) => ({ isLive: await registry.isLiveHere(lectureId) })),
    await bus.serve(endLecture, nodeId, async ({ lectureId, reason }) => {
      await registry.end(lectureId, reason);
      return {};
    }),
    await bus.serve(readmitParticipant, nodeId, async ({ lectureId, userId, byUserId }) => {
      await registry.removals.lift(lectureId, userId, byUserId);
      return {};
    }),
    await bus.serve(listWorkers, nodeId, () => ({ workers: [...plane.workers] })),
    await bus.serve(listLive, nodeId, () => ({ lectures: monitor.reports() })),
    await bus.serve(listSamples, nodeId, ({ lectureId }) => ({ samples: monitor.samplesOf(lectureId) })),
    () => monitor.close(),
    await bus.subscribe(lectureRenamed, { onMessage: ({ lectureId }) => registry.applyTitle(lectureId), onMissed: renameAll }),
    registry.onLive(({ id, fence }) => bus.publish(lectureOwned, { lectureId: id, fence })),
    await bus.subscribe(lectureOwned, { onMessage: ({ lectureId, fence }) => leases.noteTaken(lectureId, fence), onMissed: () => undefined }),
  ];
  return () => unsubscribes.forEach((unsubscribe) => unsubscribe());
}

export interface LectureOwnersOptions {
  bus: Bus;
  leases: LeaseKeeper;
  nodes: Pick<NodeDirectory, 'find' | 'list'>;
  registry: Pick<LectureRegistry, 'get' | 'removals'>;
  clock: Clock;
}

/** Has done what only the owner of a lecture can do, whichever node that is. */
export class LectureOwners {
  readonly #options: LectureOwnersOptions;

  constructor(options: LectureOwnersOptions) {
    this.#options = options;
  }

  /**
   * Starts a lecture on the least busy live node. @throws CodedError as `LectureRegistry.start`; `media.unavailable` when no
   * live node answers, those of `Bus.request`
   */
  async start(lectureId: LectureId): Promise<void> {
    const { clock } = this.#options;
    const untilMs = clock.nowMs() + takeoverWithinMs;
    for (;;) {
      try {
        return await this.#startOnSomeNode(lectureId);
      } catch (err) {
        // Another node is starting a lecture of this course, this one or another: it is live or has failed in a moment.
        if (!isCoded(err, 'lecture.elsewhere') || clock.nowMs() >= untilMs) throw err;
      }
      await delay(clock, takeoverRetryMs);
    }
  }

  /** A lecture that another request or an encoder is starting is live. @throws CodedError `lecture.notLive` if it does not start */
  async untilLive(lectureId: LectureId): Promise<void> {
    const { bus, clock } = this.#options;
    const untilMs = clock.nowMs() + takeoverWithinMs;
    const isLiveOn = (nodeId: string) => bus.request(awaitLecture, nodeId, { data: { lectureId }, deadlineMs: ownerRequestDeadlineMs }).then(({ isLive }) => isLive, () => false);
    for (;;) {
      const answers = await Promise.all((await this.#nodeIds()).map(isLiveOn));
      if (answers.includes(true)) return;
      if (clock.nowMs() >= untilMs) throw new CodedError('lecture.notLive', 'The lecture has not started. Press Start again.');
      await delay(clock, takeoverRetryMs);
    }
  }

  /** @throws CodedError `lecture.notLive`, `lecture.ended`, `lecture.notFound`; `owner.notFound` when no node has taken it over in time */
  async end(lectureId: LectureId, reason: LectureEndReason): Promise<void> {
    await this.#ask(lectureId, (nodeId) => this.#options.bus.request(endLecture, nodeId, { data: { lectureId, reason }, deadlineMs: ownerRequestDeadlineMs }));
  }

  /** @throws CodedError `participant.notFound` without a removal; `owner.notFound` */
  async readmit(lectureId: LectureId, { userId, byUserId }: { userId: UserId; byUserId: UserId }): Promise<void> {
    const { bus, registry } = this.#options;
    const { state } = await registry.get(lectureId);
    if (state === 'scheduled' || state === 'ended') return registry.removals.lift(lectureId, userId, byUserId);
    await this.#ask(lectureId, (nodeId) => bus.request(readmitParticipant, nodeId, { data: { lectureId, userId, byUserId }, deadlineMs: ownerRequestDeadlineMs }));
  }

  /** Its row has the new title already. */
  renamed(lectureId: LectureId): void {
    this.#options.bus.publish(lectureRenamed, { lectureId });
  }

  /**
   * The path of the WebSockets of the node that owns a live lecture; undefined in a process that is alone with its database.
   * @throws CodedError `media.unavailable` when there is no live node
   */
  async signalingPathOf(lectureId: LectureId): Promise<string | undefined> {
    const { leases, nodes } = this.#options;
    if (!leases.isShared) return undefined;
    const ownerId = await leases.ownerOf(lectureId);
    // While nobody owns it, the node that is asked to let somebody in takes it.
    const node = (ownerId === undefined ? undefined : await nodes.find(ownerId)) ?? (await nodes.list())[0];
    if (!node) throw new CodedError('media.unavailable', 'No media server is there right now. Try again in a minute.');
    return node.signalingPath;
  }

  /** `host:port` of the RTMP port of the other node that owns a live lecture; undefined if there is none, or it has no address. */
  async rtmpAddressOf(lectureId: LectureId): Promise<string | undefined> {
    const { leases, nodes } = this.#options;
    const ownerId = leases.isShared ? await leases.ownerOf(lectureId) : undefined;
    if (ownerId === undefined || ownerId === leases.nodeId) return undefined;
    return (await nodes.find(ownerId))?.rtmpAddress ?? undefined;
  }

  /** The media workers of all live nodes that answer, by node. */
  async workers(): Promise<NodeWorker[]> {
    const { bus } = this.#options;
    const ask = async (nodeId: string) => {
      const { workers } = await bus.request(listWorkers, nodeId, { data: {}, deadlineMs: ownerRequestDeadlineMs });
      return workers.map((worker): NodeWorker => ({ ...worker, nodeId }));
    };
    const answers = await Promise.allSettled((await this.#nodeIds()).toSorted().map(ask));
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  }

  /** What the nodes that answer measure of their live lectures, by node. */
  async liveReports(): Promise<(LiveReport & { nodeId: string })[]> {
    const { bus } = this.#options;
    const ask = async (nodeId: string) => {
      const { lectures } = await bus.request(listLive, nodeId, { data: {}, deadlineMs: ownerRequestDeadlineMs });
      return lectures.map((report) => ({ ...report, nodeId }));
    };
    const answers = await Promise.allSettled((await this.#nodeIds()).map(ask));
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  }

  /** What its owner has noted of a live lecture, the oldest first. @throws CodedError `lecture.notLive`, `lecture.ended`, `lecture.notFound`, `owner.notFound` */
  async samplesOf(lectureId: LectureId): Promise<LiveSample[]> {
    let samples: LiveSample[] = [];
    await this.#ask(lectureId, async (nodeId) => {
      ({ samples } = await this.#options.bus.request(listSamples, nodeId, { data: { lectureId }, deadlineMs: ownerRequestDeadlineMs }));
    });
    return samples;
  }

  async #startOnSomeNode(lectureId: LectureId): Promise<void> {
    for (const nodeId of await this.#nodeIds()) {
      try {
        await this.#options.bus.request(startLecture, nodeId, { data: { lectureId }, deadlineMs: ownerRequestDeadlineMs });
        return;
      } catch (err) {
        // It has died just now, or its machine or its media workers have. If it starts the lecture late, the next one learns that.
        if (!isGone(err) && !isCoded(err, 'media.unavailable')) throw err;
      }
    }
    throw new CodedError('media.unavailable', 'No media server can take the lecture right now. Try again in a minute.');
  }

  /** The live nodes, the least busy first. */
  async #nodeIds(): Promise<string[]> {
    const { leases, nodes } = this.#options;
    return leases.isShared ? (await nodes.list()).map(({ nodeId }) => nodeId) : [leases.nodeId];
  }

  /** Asks the owner. While a lecture is being taken over from a dead node, it waits. */
  async #ask(lectureId: LectureId, request: (nodeId: string) => Promise<unknown>): Promise<void> {
    const { leases, registry, clock } = this.#options;
    const untilMs = clock.nowMs() + takeoverWithinMs;
    for (;;) {
      requireOnAir((await registry.get(lectureId)).state);
      const nodeId = leases.isShared ? await leases.ownerOf(lectureId) : leases.nodeId;
      try {
        if (nodeId !== undefined) return void (await request(nodeId));
      } catch (err) {
        const isMoving = isGone(err) || isCoded(err, 'lecture.elsewhere');
        if (!isMoving || clock.nowMs() >= untilMs) throw err;
      }
      if (clock.nowMs() >= untilMs) throw new CodedError('owner.notFound', 'The lecture is moving to another server. Try again in a moment.');
      await delay(clock, takeoverRetryMs);
    }
  }
}

/** The node does not answer: its process or its machine may be gone. */
function isGone(err: unknown): boolean {
  return isCoded(err, 'owner.notFound') || isCoded(err, 'owner.timedOut');
}
