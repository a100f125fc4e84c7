import { setLogEventListeners } from 'mediasoup';
import type { types } from 'mediasoup';
import { CodedError } from '../contract/index.ts';
import type { LectureId, WorkerReport } from '../contract/index.ts';
import type { Clock, Logger } from '../kernel/index.ts';
import type { MediaPlane, MediaRoom } from '../lecture/ports.ts';
import { ChildSet } from './ChildSet.ts';
import type { SfuConfig } from './config.ts';
import { mediaCodecs } from './mediaCodecs.ts';
import { SfuRoom } from './SfuRoom.ts';
import { createWorkerPool } from './WorkerPool.ts';
import type { Placement, WorkerPool } from './WorkerPool.ts';

export interface MediaPlaneOptions {
  config: SfuConfig;
  /** Path of mediasoup's worker program; undefined selects the one of the package. */
  workerBin: string | undefined;
  /** The ffmpeg that turns VP8 into H.264 for recordings: a name in PATH or a file. */
  ffmpegCommand: string;
  logger: Logger;
  clock: Clock;
}

/** Forwards all live tracks of this node. Owns the worker pool and the rooms; `close` ends them with 'stopping'. */
class SfuMediaPlane implements MediaPlane {
  readonly #options: MediaPlaneOptions;
  readonly #pool: WorkerPool;
  readonly #rooms = new ChildSet<SfuRoom>();
  #isStopping = false;

  constructor(pool: WorkerPool, options: MediaPlaneOptions) {
    this.#pool = pool;
    this.#options = options;
  }

  get isAvailable(): boolean {
    return !this.#isStopping && this.#pool.hasWorker;
  }

  get workers(): readonly WorkerReport[] {
    return this.#pool.reports;
  }

  async openRoom(lectureId: LectureId): Promise<MediaRoom> {
    if (this.#isStopping) throw new CodedError('server.stopping', 'The server is stopping.');
    const { config, ffmpegCommand, clock } = this.#options;
    const logger = this.#options.logger.child({ lectureId });
    const { router, ...home } = await this.#openRouter();
    const { worker } = home;
    const room = new SfuRoom({ lectureId, home, router, placeViewer: (viewer) => this.#pool.placeViewer(viewer), config, ffmpegCommand, logger, clock });
    room.onClosed((reason) => logger.info({ reason, workerPid: worker.pid }, 'mediaRoom.closed'));
    logger.info({ workerPid: worker.pid }, 'mediaRoom.opened');
    return this.#rooms.add(room);
  }

  /** Retries once with another worker if the worker dies during the request: a worker that hangs is not yet replaced. */
  async #openRouter(isSecondTry = false): Promise<Placement & { router: types.Router }> {
    const placement = await this.#pool.place();
    try {
      return { ...placement, router: await placement.worker.createRouter({ mediaCodecs }) };
    } catch (cause) {
      if (!isSecondTry) return this.#openRouter(true);
      throw new CodedError('media.unavailable', 'The media worker is being restarted; try again in a moment.', { cause });
    }
  }

  async close(): Promise<void> {
    this.#isStopping = true;
    this.#rooms.close('stopping');
    await this.#pool.close();
  }
}

export async function createMediaPlane(options: MediaPlaneOptions): Promise<MediaPlane> {
  const logger = options.logger.child({ station: 'sfu' });
  setLogEventListeners({
    ondebug: undefined,
    onwarn: (namespace, text) => logger.warn({ namespace, text }, 'mediasoup.warned'),
    onerror: (namespace, text, err) => logger.error({ namespace, text, err }, 'mediasoup.failed'),
  });
  const pool = await createWorkerPool({ ...options, logger });
  return new SfuMediaPlane(pool, { ...options, logger });
}
