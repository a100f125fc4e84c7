import type { types } from 'mediasoup';
import { background, delay, isProcessBusy, retry } from '../kernel/index.ts';
import type { WorkerLecture, WorkerReport } from '../contract/index.ts';
import type { Clock, Logger } from '../kernel/index.ts';
import type { SfuConfig } from './config.ts';
import { HangDetector } from './HangDetector.ts';
import { startWorker } from './startWorker.ts';
import { WorkerMeter } from './WorkerMeter.ts';
import { coresPerBps, socketBufferBytes, workerCloseMs, workerRestart, youngWorkerMs } from './limits.ts';

export interface WorkerSlotOptions {
  index: number;
  config: SfuConfig;
  workerBin: string | undefined;
  logger: Logger;
  clock: Clock;
}

export interface LiveWorker {
  readonly worker: types.Worker;
  readonly webRtcServer: types.WebRtcServer;
}

/** The part of a room that is on a worker. */
export interface Load {
  /** The number of its tracks, subscriptions and pipes, plus one. */
  readonly load: number;
  /** The bitrate that it sends to viewers, bits per second. */
  readonly sentBps: number;
  /** The same, plus the expected bitrate of viewers who have just joined. */
  readonly egressBps: number;
  /** For administrators. */
  readonly report: WorkerLecture;
}

/**
 * One media port and the worker that serves it. A worker that dies is replaced on the same port, after a longer delay with
 * each failure; a worker that hangs is killed, and then replaced. Owns the worker, its WebRtcServer and the hang detector;
 * `close` ends all three.
 */
export class WorkerSlot {
  readonly #options: WorkerSlotOptions;
  readonly #stopping = new AbortController();
  readonly #loads = new Set<Load>();
  #meter: WorkerMeter;
  #live: LiveWorker | undefined;
  #next: Promise<LiveWorker> | undefined;
  #hangDetector: HangDetector | undefined;
  #earlyDeaths = 0;

  constructor(options: WorkerSlotOptions) {
    this.#options = options;
    this.#meter = new WorkerMeter(options.clock);
  }

  get live(): LiveWorker | undefined {
    return this.#live;
  }

  /** The worker that is starting; undefined while none is. */
  get next(): Promise<LiveWorker> | undefined {
    return this.#next;
  }

  get load(): number {
    return this.#sum(({ load }) => load);
  }

  /** Bits per second to viewers, including those who have just joined. */
  get egressBps(): number {
    return this.#sum(({ egressBps }) => egressBps);
  }

  /** The share of its core that the worker uses: the measured CPU, plus the expected CPU of viewers who have joined since. */
  get use(): number {
    return this.#meter.cpuShare + Math.max(0, this.egressBps - this.#meter.egressBps) * coresPerBps;
  }

  get report(): WorkerReport {
    const { worker } = this.#live ?? {};
    return {
      index: this.#options.index,
      pid: worker?.pid ?? null,
      cpuShare: worker ? this.#meter.cpuShare : 0,
      egressBps: Math.round(this.#sum(({ sentBps }) => sentBps)),
      lectures: [...this.#loads].map(({ report }) => report),
    };
  }

  /** The returned function removes the load. */
  addLoad(load: Load): () => void {
    this.#loads.add(load);
    return () => this.#loads.delete(load);
  }

  async start(): Promise<LiveWorker> {
    const { config, index, workerBin, logger } = this.#options;
    const worker = await startWorker(workerBin);
    try {
      const port = config.LECTERN_RTC_PORT === 0 ? 0 : config.LECTERN_RTC_PORT + index;
      const webRtcServer = await createWebRtcServer(worker, config.LECTERN_RTC_LISTEN_ADDRESS, port);
      if (this.#stopping.signal.aborted) throw new Error('the media plane is stopping');
      this.#live = { worker, webRtcServer };
    } catch (err) {
      worker.close();
      throw err;
    }
    const startedAtMs = this.#options.clock.nowMs();
    this.#hangDetector = this.#createHangDetector(worker);
    worker.once('died', (err) => {
      this.#earlyDeaths = this.#options.clock.nowMs() - startedAtMs < youngWorkerMs ? this.#earlyDeaths + 1 : 0;
      this.#replace(err);
    });
    logger.info({ workerPid: worker.pid, worker: index }, 'mediaWorker.started');
    return this.#live;
  }

  /** Resolves when the process of the worker has ended. It is killed if it does not end in time. */
  async close(): Promise<void> {
    this.#stopping.abort(new Error('the media plane is stopping'));
    this.#hangDetector?.close();
    const worker = this.#live?.worker;
    this.#live = undefined;
    if (!worker) return;
    const ended = new Promise<void>((resolve) => worker.once('subprocessclose', () => resolve()));
    const cancel = this.#options.clock.after(workerCloseMs, () => killWorker(worker));
    worker.close();
    if (!worker.subprocessClosed) await ended;
    cancel();
  }

  #sum(of: (load: Load) => number): number {
    let sum = 0;
    for (const load of this.#loads) sum += of(load);
    return sum;
  }

  #createHangDetector(worker: types.Worker): HangDetector {
    const { clock, index, logger } = this.#options;
    const meter = new WorkerMeter(clock);
    this.#meter = meter;
    return new HangDetector({
      clock,
      request: async () => {
        const { ru_utime, ru_stime } = await worker.getResourceUsage();
        meter.note({ cpuMs: ru_utime + ru_stime, egressBps: this.#sum(({ sentBps }) => sentBps) });
      },
      isBusy: () => isProcessBusy(worker.pid) ?? false,
      onHung: () => {
        logger.error({ worker: index, workerPid: worker.pid }, 'mediaWorker.hung');
        killWorker(worker);
      },
    });
  }

  #replace(err: Error): void {
    const { index, logger } = this.#options;
    this.#hangDetector?.close();
    this.#live = undefined;
    logger.error({ err, worker: index }, 'mediaWorker.died');
    const next = this.#restart();
    this.#next = next;
    const settled = next.then(
      () => undefined,
      (reason: unknown) => {
        if (!this.#stopping.signal.aborted) throw reason;
      },
    );
    background(
      'mediaWorker.replace',
      settled.finally(() => (this.#next = undefined)),
      logger,
    );
  }

  async #restart(): Promise<LiveWorker> {
    const { clock, index, logger } = this.#options;
    const { signal } = this.#stopping;
    if (this.#earlyDeaths > 1) await delay(clock, Math.min(workerRestart.maxDelayMs, workerRestart.firstDelayMs * 2 ** (this.#earlyDeaths - 2)), signal);
    return retry(() => this.start(), {
      clock,
      ...workerRestart,
      attempts: Infinity,
      signal,
      onFailure: (err, attempt, nextDelayMs) => logger.warn({ err, worker: index, attempt, nextDelayMs }, 'mediaWorker.restartFailed'),
    });
  }
}

function killWorker(worker: types.Worker): void {
  if (!worker.subprocessClosed) process.kill(worker.pid, 'SIGKILL');
}

async function createWebRtcServer(worker: types.Worker, ip: string, port: number): Promise<types.WebRtcServer> {
  const listenInfo = {
    ip,
    // The candidates come from announcedAddresses.ts. mediasoup requires one address when it listens on all.
    announcedAddress: '127.0.0.1',
    sendBufferSize: socketBufferBytes,
    recvBufferSize: socketBufferBytes,
    ...(port === 0 ? {} : { port }),
  };
  try {
    return await worker.createWebRtcServer({
      listenInfos: [
        { ...listenInfo, protocol: 'udp' },
        { ...listenInfo, protocol: 'tcp' },
      ],
    });
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    const sentence = /in use/i.test(detail)
      ? `The media port ${port} (UDP and TCP) on ${ip} is taken by another program: free it or set LECTERN_RTC_PORT.`
      : `The media port ${port} on ${ip} cannot be opened (${detail}): check LECTERN_RTC_LISTEN_ADDRESS and LECTERN_RTC_PORT.`;
    throw new Error(sentence, { cause });
  }
}
