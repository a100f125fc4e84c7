import { background, ChildProcess, isProcessBusy } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import { PendingWrites } from './PendingWrites.ts';
import { ffmpegCheckIntervalMs, ffmpegCloseMs, ffmpegFinishMs, ffmpegRestart, healthyFfmpegMs, idleFfmpegStall, maxFfmpegBacklogBytes, minFfmpegLifeMs } from '../limits.ts';

export type FfmpegTrouble = 'exited' | 'stalled' | 'behind';

export interface FfmpegTask {
  /** Its name in the log. */
  name: string;
  args(): readonly string[];
  /** Writes what a new process reads first. */
  begin(write: (bytes: Buffer) => void): void;
  onStdout(piece: Buffer): void;
  onTrouble(trouble: FfmpegTrouble): void;
}

export interface FfmpegEnvironment {
  command: string;
  clock: Clock;
  logger: Logger;
}

/**
 * Keeps one ffmpeg running: restarts it when it exits, hangs or falls behind. The first restart is immediate; each further
 * failure in a row doubles the delay. Bounds the bytes that ffmpeg has not read. Owns the process.
 */
export class SupervisedFfmpeg {
  readonly #task: FfmpegTask;
  readonly #environment: FfmpegEnvironment;
  #child: ChildProcess | undefined;
  #cancelTimer: () => void = () => undefined;
  #startedAtMs = 0;
  #lastOutputAtMs = 0;
  #pendingWrites = new PendingWrites(0);
  #idleChecks = 0;
  #failures = 0;
  #isClosed = false;

  constructor(task: FfmpegTask, environment: FfmpegEnvironment) {
    this.#task = task;
    this.#environment = environment;
  }

  /** Failures in a row; 0 while it works. */
  get failures(): number {
    return this.#failures;
  }

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  start(): void {
    if (this.#isClosed || this.#child) return;
    const { command, clock, logger } = this.#environment;
    const child = new ChildProcess({ command, args: this.#task.args(), name: this.#task.name, logger });
    this.#child = child;
    this.#startedAtMs = clock.nowMs();
    this.#lastOutputAtMs = this.#startedAtMs;
    this.#pendingWrites = new PendingWrites(this.#startedAtMs);
    logger.info({ process: this.#task.name, pid: child.pid }, 'ffmpeg.started');
    child.stdout.on('data', (piece: Buffer) => this.#onStdout(child, piece));
    background('ffmpeg.exit', this.#watchExit(child), logger);
    this.#task.begin((bytes) => this.write(bytes));
    this.#checkLater();
  }

  /** Dropped while no process runs: `begin` gives the next one what it needs. */
  write(bytes: Buffer): void {
    if (!this.#child?.stdin.writable) return;
    this.#child.stdin.write(bytes);
    this.#pendingWrites.noteWrite(this.#environment.clock.nowMs());
  }

  /** Reports output that does not come through stdout. */
  noteOutput(): void {
    this.#lastOutputAtMs = this.#environment.clock.nowMs();
    this.#pendingWrites.noteOutput();
  }

  /** Starts another process, because the source has changed. */
  renew(): void {
    const child = this.#child;
    if (!child) return;
    this.#child = undefined;
    child.kill();
    this.#startLater(Math.max(0, this.#startedAtMs + minFfmpegLifeMs - this.#environment.clock.nowMs()));
  }

  /** Kills the process and starts another. Uses SIGKILL, because a stopped process handles no other signal. */
  restart(trouble: FfmpegTrouble): void {
    const child = this.#child;
    if (!child) return;
    this.#child = undefined;
    child.kill();
    this.#recover(trouble, child.stderrTail);
  }

  /** Ends the process when it has written out what it was given, within `ffmpegFinishMs`. */
  async finish(): Promise<void> {
    this.#isClosed = true;
    this.#cancelTimer();
    const child = this.#child;
    await child?.finish(ffmpegFinishMs);
    if (child === this.#child) this.#child = undefined;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelTimer();
    const child = this.#child;
    this.#child = undefined;
    await child?.close(ffmpegCloseMs);
  }

  #onStdout(child: ChildProcess, piece: Buffer): void {
    if (child !== this.#child) return;
    this.noteOutput();
    try {
      this.#task.onStdout(piece);
    } catch (err) {
      this.#environment.logger.warn({ err, process: this.#task.name }, 'ffmpeg.outputUnreadable');
      this.restart('exited');
    }
  }

  async #watchExit(child: ChildProcess): Promise<void> {
    const exit = await child.exited;
    if (child !== this.#child || this.#isClosed) return;
    this.#child = undefined;
    this.#recover('exited', exit.stderrTail);
  }

  #recover(trouble: FfmpegTrouble, stderrTail: string): void {
    const { logger } = this.#environment;
    this.#noteHealth();
    const delayMs = this.#failures === 0 ? 0 : Math.min(ffmpegRestart.maxDelayMs, ffmpegRestart.firstDelayMs * 2 ** Math.min(this.#failures - 1, 10));
    this.#failures += 1;
    logger.warn({ process: this.#task.name, trouble, delayMs, stderrTail: stderrTail.slice(-500) }, 'ffmpeg.failed');
    this.#task.onTrouble(trouble);
    this.#startLater(delayMs);
  }

  #startLater(delayMs: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#environment.clock.after(delayMs, () => this.start());
  }

  #checkLater(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#environment.clock.after(ffmpegCheckIntervalMs, () => this.#check());
  }

  #check(): void {
    if (!this.#child) return;
    const nowMs = this.#environment.clock.nowMs();
    if (this.#child.stdin.writableLength > maxFfmpegBacklogBytes) return this.restart('behind');
    if (this.#isHung(nowMs)) return this.restart('stalled');
    this.#noteHealth();
    this.#checkLater();
  }

  #isHung(nowMs: number): boolean {
    const isIdle = this.#pendingWrites.count >= idleFfmpegStall.writes && isProcessBusy(this.#child?.pid ?? 0) === false;
    this.#idleChecks = isIdle ? this.#idleChecks + 1 : 0;
    if (this.#idleChecks >= idleFfmpegStall.checks && this.#pendingWrites.silentMs(nowMs) > idleFfmpegStall.ms) return true;
    return this.#pendingWrites.isHung(nowMs);
  }

  #noteHealth(): void {
    if (this.#lastOutputAtMs - this.#startedAtMs > healthyFfmpegMs) this.#failures = 0;
  }
}
