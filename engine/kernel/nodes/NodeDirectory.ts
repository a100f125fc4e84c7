// Responsible for the live nodes of a site: announces this one, and finds the others. Owns the collection `nodes`, and the
// timer of the announcements.
import { background } from '../background.ts';
import { fromInstant, toInstant } from '../Clock.ts';
import type { Clock } from '../Clock.ts';
import type { Collection, Database } from '../database/index.ts';
import { nodeAnnounceIntervalMs, nodeForgetAfterMs, nodeSilentAfterMs } from '../limits.ts';
import type { Logger } from '../Logger.ts';

/** What a live node says of itself. */
export interface NodeState {
  /** The path of its WebSockets: `/socket.io`. */
  signalingPath: string;
  /** `host:port` at which the other live nodes reach its RTMP port; null if they cannot. */
  rtmpAddress: string | null;
  /** How much of its media workers is in use, from 0 to 1. */
  load: number;
}

export interface LiveNode extends NodeState {
  nodeId: string;
}

interface NodeRow extends NodeState {
  /** `nod_…`, see `openNodeFolder`. */
  _id: string;
  /** ISO 8601, by the clock of the node. */
  announcedAt: string;
}

export interface NodeDirectoryOptions {
  database: Database;
  clock: Clock;
  logger: Logger;
}

export class NodeDirectory {
  readonly #options: NodeDirectoryOptions;
  readonly #nodes: Collection<NodeRow>;

  constructor(options: NodeDirectoryOptions) {
    this.#options = options;
    this.#nodes = options.database.collection<NodeRow>({ name: 'nodes', indexes: [] });
  }

  /** Announces a live node now and at intervals. Returns the function that stops that, and removes the node. */
  async announce(nodeId: string, describe: () => NodeState): Promise<() => Promise<void>> {
    const { clock, logger } = this.#options;
    let cancel: () => void = () => undefined;
    let isStopped = false;
    const write = async () => {
      await this.#nodes.updateOne({ _id: nodeId }, { $set: { ...describe(), announcedAt: toInstant(clock.nowMs()) } }, { upsert: true });
    };
    const schedule = () => {
      if (isStopped) return;
      cancel = clock.after(nodeAnnounceIntervalMs, () => background('node.announce', write().finally(schedule), logger));
    };
    await write();
    schedule();
    return async () => {
      isStopped = true;
      cancel();
      await this.#nodes.deleteOne({ _id: nodeId });
    };
  }

  async find(nodeId: string): Promise<LiveNode | undefined> {
    const row = await this.#nodes.findOne({ _id: nodeId });
    return row ? liveNode(row) : undefined;
  }

  /** The nodes that have announced themselves lately, the least busy first, and silent ones last. A dead one may be among them. */
  async list(): Promise<LiveNode[]> {
    const nowMs = this.#options.clock.nowMs();
    const ageMs = ({ announcedAt }: NodeRow) => nowMs - fromInstant(announcedAt);
    const isSilent = (row: NodeRow) => ageMs(row) > nodeSilentAfterMs;
    const rows = (await this.#nodes.find({})).filter((row) => ageMs(row) < nodeForgetAfterMs);
    return rows.sort((a, b) => Number(isSilent(a)) - Number(isSilent(b)) || a.load - b.load).map(liveNode);
  }
}

function liveNode({ _id, signalingPath, rtmpAddress, load }: NodeRow): LiveNode {
  return { nodeId: _id, signalingPath, rtmpAddress, load };
}
