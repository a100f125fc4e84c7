import { background, ChildProcess, isProcessBusy } from '#engine/kernel';
import type { Clock, Logger } from '#engine/kernel';
import { PendingWrites } from './PendingWrites.ts';
import { ffmpegCheckIntervalMs, ffmpegCloseMs, ffmpegRestart, healthyFfmpegMs, idleFfmpegStall, maxFfmpegBacklogBytes, minFfmpegLifeMs } from '../limits.ts';

export type FfmpegTrouble = 'exited' | 'stalled' | 'behind';

export interface FfmpegTask {
  /** Names it in the log. */
  name: string;
  args(): readonly string[];
  /** What a fresh process reads first. */
  begin(write: (bytes: Buffer) => void): void;
  onStdout(piece: Buffer): void;
  onTrouble(trouble: FfmpegTrouble): void;
}

export interface FfmpegSurroundings {
  command: string;
  clock: Clock;
  logger: Logger;
}

/**
 * Keeps one ffmpeg at work: started again when it exits, says nothing while it is fed, or falls behind; at once
 * when it had worked, later and later when it fails time after time. Owns the process; what it has not taken yet is
 * bounded.
 */
export class SupervisedFfmpeg {
  readonly #task: FfmpegTask;
  readonly #surroundings: FfmpegSurroundings;
  #child: ChildProcess | undefined;
  #cancelTimer: () => void = () => undefined;
  #startedAtMs = 0;
  #spokeAtMs = 0;
  #unanswered = new PendingWrites(0);
  #idleChecks = 0;
  #failures = 0;
  #isClosed = false;

  constructor(task: FfmpegTask, surroundings: FfmpegSurroundings) {
    this.#task = task;
    this.#surroundings = surroundings;
  }

  /** How often in a row it has failed; 0 while all is well. */
  get failures(): number {
    return this.#failures;
  }

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  start(): void {
    if (this.#isClosed || this.#child) return;
    const { command, clock, logger } = this.#surroundings;
    const child = new ChildProcess({ command, args: this.#task.args(), name: this.#task.name, logger });
    this.#child = child;
    this.#startedAtMs = clock.nowMs();
    this.#spokeAtMs = this.#startedAtMs;
    this.#unanswered = new PendingWrites(this.#startedAtMs);
    logger.info({ process: this.#task.name, pid: child.pid }, 'ffmpeg.started');
    child.stdout.on('data', (piece: Buffer) => this.#hear(child, piece));
    background('ffmpeg.exit', this.#watchExit(child), logger);
    this.#task.begin((bytes) => this.write(bytes));
    this.#checkLater();
  }

  /** Dropped while no process runs: the next one begins with what it needs. */
  write(bytes: Buffer): void {
    if (!this.#child?.stdin.writable) return;
    this.#child.stdin.write(bytes);
    this.#unanswered.noteWrite(this.#surroundings.clock.nowMs());
  }

  /** For output that does not come through stdout. */
  noteOutput(): void {
    this.#spokeAtMs = this.#surroundings.clock.nowMs();
    this.#unanswered.noteAnswer();
  }

  /** Starts afresh, because what it is fed with has changed. */
  renew(): void {
    const child = this.#child;
    if (!child) return;
    this.#child = undefined;
    child.kill();
    this.#startLater(Math.max(0, this.#startedAtMs + minFfmpegLifeMs - this.#surroundings.clock.nowMs()));
  }

  /** Gives up the process and starts another. It is killed outright: one that was stopped hears no other signal. */
  restart(trouble: FfmpegTrouble): void {
    const child = this.#child;
    if (!child) return;
    this.#child = undefined;
    child.kill();
    this.#recover(trouble, child.stderrTail);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelTimer();
    const child = this.#child;
    this.#child = undefined;
    await child?.close(ffmpegCloseMs);
  }

  #hear(child: ChildProcess, piece: Buffer): void {
    if (child !== this.#child) return;
    this.noteOutput();
    try {
      this.#task.onStdout(piece);
    } catch (err) {
      this.#surroundings.logger.warn({ err, process: this.#task.name }, 'ffmpeg.outputUnreadable');
      this.restart('exited');
    }
  }

  async #watchExit(child: ChildProcess): Promise<void> {
    const exit = await child.exited;
    if (child !== this.#child) return;
    this.#child = undefined;
    this.#recover('exited', exit.stderrTail);
  }

  #recover(trouble: FfmpegTrouble, stderrTail: string): void {
    const { logger } = this.#surroundings;
    this.#noteHealth();
    const delayMs = this.#failures === 0 ? 0 : Math.min(ffmpegRestart.maxDelayMs, ffmpegRestart.firstDelayMs * 2 ** Math.min(this.#failures - 1, 10));
    this.#failures += 1;
    logger.warn({ process: this.#task.name, trouble, delayMs, stderrTail: stderrTail.slice(-500) }, 'ffmpeg.failed');
    this.#task.onTrouble(trouble);
    this.#startLater(delayMs);
  }

  #startLater(delayMs: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#surroundings.clock.after(delayMs, () => this.start());
  }

  #checkLater(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#surroundings.clock.after(ffmpegCheckIntervalMs, () => this.#check());
  }

  #check(): void {
    if (!this.#child) return;
    const nowMs = this.#surroundings.clock.nowMs();
    if (this.#child.stdin.writableLength > maxFfmpegBacklogBytes) return this.restart('behind');
    if (this.#hangs(nowMs)) return this.restart('stalled');
    this.#noteHealth();
    this.#checkLater();
  }

  #hangs(nowMs: number): boolean {
    const isIdle = this.#unanswered.count >= idleFfmpegStall.writes && isProcessBusy(this.#child?.pid ?? 0) === false;
    this.#idleChecks = isIdle ? this.#idleChecks + 1 : 0;
    if (this.#idleChecks >= idleFfmpegStall.checks && this.#unanswered.silentMs(nowMs) > idleFfmpegStall.ms) return true;
    return this.#unanswered.hangs(nowMs);
  }

  #noteHealth(): void {
    if (this.#spokeAtMs - this.#startedAtMs > healthyFfmpegMs) this.#failures = 0;
  }
}
