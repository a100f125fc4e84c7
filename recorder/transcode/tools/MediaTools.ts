// Responsible for running ffmpeg and ffprobe on files that nobody trusts: confined, with a time limit, and stopped while live
// lectures need the machine. Owns the processes that it runs.
import { execFile } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';
import { ChildProcess } from '#engine/kernel';
import type { Logger } from '#engine/kernel';
import * as limits from '../limits.ts';
import type { Brake } from './Brake.ts';
import { noBrake } from './Brake.ts';
import { confinedCommand, confinedEnvironment, ffprobeBeside } from './confinedCommand.ts';
import type { Confinement } from './confinedCommand.ts';

export interface MediaToolsOptions {
  ffmpegPath: string;
  logger: Logger;
  brake: Brake;
  /** Threads of an encoder. */
  threads: number;
  environment: NodeJS.ProcessEnv;
}

export interface ToolRun {
  program: 'ffmpeg' | 'ffprobe';
  args: readonly string[];
  /** The folder of the job: file names in `args` are relative to it. */
  cwd: string;
  /** Time that it may run, without the time in which it is stopped. */
  limitSeconds: number;
  /** Bytes of the largest file that it may write. */
  maxFileBytes?: number;
  /** It reads or copies, which costs little CPU at the lowest priority: it also runs while the brake is on. Somebody waits for the video. */
  isLight?: boolean;
  signal?: AbortSignal | undefined;
}

/** A running program. */
export interface RunningTool {
  stdin: Writable;
  /** It has to be read to its end. */
  stdout: Readable;
  /** Resolves with the end of stderr when the program has succeeded. @throws ToolFailure; the reason of an abort */
  done: Promise<string>;
}

/** ffmpeg or ffprobe has failed. */
export class ToolFailure extends Error {
  override readonly name = 'ToolFailure';
  readonly stderrTail: string;
  readonly isTimeout: boolean;

  constructor(message: string, { stderrTail, isTimeout }: { stderrTail: string; isTimeout: boolean }) {
    super(`${message}: ${stderrTail.trim().split('\n').slice(-3).join(' | ')}`);
    this.stderrTail = stderrTail;
    this.isTimeout = isTimeout;
  }
}

const tickMs = 1000;

export class MediaTools {
  readonly #options: MediaToolsOptions;
  readonly #environment: NodeJS.ProcessEnv;
  #confinement: Promise<Confinement> | undefined;

  constructor(options: MediaToolsOptions) {
    this.#options = options;
    this.#environment = confinedEnvironment(options.environment);
  }

  get threads(): number {
    return this.#options.threads;
  }

  /** Starts a program, as soon as live lectures leave room for it; a light one at once. */
  async start(run: ToolRun): Promise<RunningTool> {
    const { ffmpegPath, logger, brake } = this.#options;
    const confinement = await (this.#confinement ??= findConfinement());
    if (run.isLight !== true) await brake.whenOff(run.signal);
    run.signal?.throwIfAborted();
    const program = run.program === 'ffmpeg' ? ffmpegPath : ffprobeBeside(ffmpegPath);
    const args = run.program === 'ffmpeg' ? ['-nostdin', '-hide_banner', '-loglevel', 'error', '-max_alloc', `${limits.maxToolBlockBytes}`, ...run.args] : ['-hide_banner', '-v', 'error', '-max_alloc', `${limits.maxToolBlockBytes}`, ...run.args];
    const command = confinedCommand({ command: program, args }, { confinement, maxFileBytes: run.maxFileBytes ?? 0 });
    const child = new ChildProcess({ ...command, name: `transcode.${run.program}`, logger, cwd: run.cwd, environment: this.#environment });
    return { stdin: child.stdin, stdout: child.stdout, done: this.#watch(child, run) };
  }

  /** Runs a program that writes files. Returns the end of stderr. */
  async run(run: ToolRun): Promise<string> {
    const tool = await this.start(run);
    tool.stdin.end();
    tool.stdout.resume();
    return tool.done;
  }

  /** Runs a program, and returns its output, of at most `maxChars`. */
  async read(run: ToolRun, maxChars = limits.maxProbeChars): Promise<string> {
    const tool = await this.start(run);
    tool.stdin.end();
    let text = '';
    tool.stdout.setEncoding('utf8');
    tool.stdout.on('data', (chunk: string) => {
      if (text.length < maxChars) text += chunk;
    });
    await tool.done;
    return text;
  }

  async #watch(child: ChildProcess, { limitSeconds, program, signal, isLight = false }: ToolRun): Promise<string> {
    const brake = isLight ? noBrake : this.#options.brake;
    const release = child.pid === undefined ? () => undefined : brake.govern(child.pid);
    let leftMs = limitSeconds * 1000;
    const timer = setInterval(() => {
      if (brake.isOn) return;
      leftMs -= tickMs;
      if (leftMs <= 0) child.kill();
    }, tickMs);
    const kill = () => child.kill();
    signal?.addEventListener('abort', kill);
    if (signal?.aborted) kill();
    const { code, stderrTail } = await child.exited;
    clearInterval(timer);
    release();
    signal?.removeEventListener('abort', kill);
    signal?.throwIfAborted();
    if (code !== 0) throw new ToolFailure(leftMs <= 0 ? `${program} took longer than ${limitSeconds} s` : `${program} failed`, { stderrTail, isTimeout: leftMs <= 0 });
    return stderrTail;
  }
}

/** Tries once whether the programs that confine others are there. */
async function findConfinement(): Promise<Confinement> {
  if (process.platform !== 'linux') return 'none';
  const { command, args } = confinedCommand({ command: 'true', args: [] }, { confinement: 'linux', maxFileBytes: 0 });
  try {
    await promisify(execFile)(command, [...args]);
    return 'linux';
  } catch {
    return 'none';
  }
}
