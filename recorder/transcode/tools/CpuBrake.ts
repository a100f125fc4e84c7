// Responsible for letting live lectures have the processors first: it stops the processes of transcoding while a lecture is live on this
// machine and other work uses its processors. Owns the timer of its measurements; the processes belong to those who started them.
import { cpus } from 'node:os';
import { background } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import { cpuCheckMs, liveCheckMs } from '../limits.ts';
import type { Brake } from './Brake.ts';
import { PressureGauge, shareOfOthers } from './PressureGauge.ts';
import type { CpuTimes } from './PressureGauge.ts';

export interface CpuBrakeOptions {
  clock: Clock;
  logger: Logger;
  /** Whether a lecture is live on this machine. It is asked while the processors are busy. */
  isLectureLive: () => Promise<boolean>;
  readCpus?: () => readonly CpuTimes[];
  /** Sends a signal to a process. */
  send?: (pid: number, signal: 'SIGSTOP' | 'SIGCONT') => void;
}

export class CpuBrake implements Brake {
  readonly #options: Required<CpuBrakeOptions>;
  readonly #gauge = new PressureGauge();
  readonly #pids = new Set<number>();
  readonly #waiting = new Set<() => void>();
  #last: readonly CpuTimes[];
  #cancel: () => void = () => undefined;
  #isOn = false;
  #askedMs: number | undefined;
  #isClosed = false;

  constructor(options: CpuBrakeOptions) {
    this.#options = { readCpus: () => cpus().map(({ times }) => times), send: sendSignal, ...options };
    this.#last = this.#options.readCpus();
    this.#schedule();
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  govern(pid: number): () => void {
    this.#pids.add(pid);
    if (this.isOn) this.#options.send(pid, 'SIGSTOP');
    return () => void this.#pids.delete(pid);
  }

  whenOff(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      if (!this.isOn) return resolve();
      const onAbort = () => {
        this.#waiting.delete(onOff);
        reject(signal?.reason as Error);
      };
      const onOff = () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      };
      this.#waiting.add(onOff);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel();
    for (const pid of this.#pids) this.#options.send(pid, 'SIGCONT');
    this.#letGo();
  }

  #schedule(): void {
    this.#cancel = this.#options.clock.after(cpuCheckMs, () => {
      this.#check();
      this.#schedule();
    });
  }

  #check(): void {
    const now = this.#options.readCpus();
    const share = shareOfOthers(this.#last, now);
    this.#last = now;
    if (share === undefined) return;
    if (!this.#gauge.add(share)) {
      this.#askedMs = undefined;
      return this.#set(false, share);
    }
    const nowMs = this.#options.clock.nowMs();
    if (this.#askedMs !== undefined && nowMs - this.#askedMs < liveCheckMs) return;
    this.#askedMs = nowMs;
    background('transcode.brake', this.#ask(share), this.#options.logger);
  }

  /** Without an answer, there may be a lecture. */
  async #ask(share: number): Promise<void> {
    const isLive = await this.#options.isLectureLive().catch((err: unknown) => {
      this.#options.logger.warn({ err }, 'transcode.liveUnknown');
      return true;
    });
    // The processors may be idle by now.
    if (!this.#isClosed) this.#set(isLive && this.#gauge.isHigh, share);
  }

  #set(isOn: boolean, share: number): void {
    if (isOn === this.#isOn) return;
    this.#isOn = isOn;
    for (const pid of this.#pids) this.#options.send(pid, isOn ? 'SIGSTOP' : 'SIGCONT');
    if (!isOn) this.#letGo();
    this.#options.logger.info({ share: Math.round(share * 100) / 100, processes: this.#pids.size }, isOn ? 'transcode.paused' : 'transcode.continued');
  }

  #letGo(): void {
    for (const onOff of this.#waiting) onOff();
    this.#waiting.clear();
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (err) {
    // It has just exited.
    if ((err as NodeJS.ErrnoException).code !== 'ESRCH') throw err;
  }
}
