import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Logger } from './Logger.ts';

export interface ChildProcessOptions {
  command: string;
  args: readonly string[];
  /** Names it in the log: `ffmpeg.reencode`. */
  name: string;
  logger: Logger;
}

export interface ChildExit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** The last lines it wrote to stderr. */
  stderrTail: string;
}

const stderrTailChars = 4000;

/**
 * One child process: its pipes, its last words, its end. Owns the process; `finish` lets it finish its work and
 * `close` asks it to stop, and both kill it when it does not within `graceMs`.
 */
export class ChildProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly pid: number | undefined;
  readonly exited: Promise<ChildExit>;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  #stderrTail = '';

  constructor(options: ChildProcessOptions) {
    const { command, args, name, logger } = options;
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.pid = this.#child.pid;
    this.stdin = this.#child.stdin;
    this.stdout = this.#child.stdout;
    // A broken pipe shows as the process's exit, which is what callers watch.
    this.stdin.on('error', (err) => logger.debug({ err, process: name }, 'process.pipeClosed'));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderrTail = (this.#stderrTail + text).slice(-stderrTailChars);
    });
    this.exited = new Promise((resolve) => {
      this.#child.once('error', (err) => resolve({ code: null, signal: null, stderrTail: err.message }));
      this.#child.once('close', (code, signal) => resolve({ code, signal, stderrTail: this.#stderrTail }));
    });
  }

  get stderrTail(): string {
    return this.#stderrTail;
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.#child.kill(signal);
  }

  /** Lets it finish what it has been given; kills it when it does not within `graceMs`. */
  async finish(graceMs: number): Promise<ChildExit> {
    this.stdin.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), graceMs);
    const exit = await this.exited;
    clearTimeout(timer);
    return exit;
  }

  async close(graceMs = 2000): Promise<ChildExit> {
    this.#child.kill('SIGTERM');
    return this.finish(graceMs);
  }
}
