import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Logger } from './Logger.ts';
import { childProcessGraceMs, stderrTailChars } from './limits.ts';

export interface ChildProcessOptions {
  /** Path of the program, or its name on the PATH. No shell is involved. */
  command: string;
  args: readonly string[];
  /** Identifies the process in the log, for example `ffmpeg.reencode`. */
  name: string;
  logger: Logger;
  /** Its working folder; that of this process by default. */
  cwd?: string;
  /** Its environment variables; those of this process by default. */
  environment?: NodeJS.ProcessEnv;
}

/** How a process ended. `code` and `signal` are both null when it could not be started. */
export interface ChildExit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** The last 4000 characters of stderr. The error message when the process could not be started. */
  stderrTail: string;
}

/**
 * Runs one child process with pipes for stdin and stdout. Owns the process. `finish` lets it complete its work, `close`
 * asks it to stop; both kill it when it is still running after `graceMs`.
 */
export class ChildProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Undefined when the process could not be started. */
  readonly pid: number | undefined;
  /** Resolves when the process has exited and its pipes are closed, or when it could not be started. Never rejects. */
  readonly exited: Promise<ChildExit>;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  #stderrTail = '';

  constructor(options: ChildProcessOptions) {
    const { command, args, name, logger, cwd, environment } = options;
    // In a session of its own: Ctrl-C in a terminal reaches all processes of its session. It ends with Lectern all the same,
    // because its pipes close.
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true, cwd, env: environment });
    this.pid = this.#child.pid;
    this.stdin = this.#child.stdin;
    this.stdout = this.#child.stdout;
    // A broken pipe means that the process is exiting. Callers watch `exited`.
    this.stdin.on('error', (err) => logger.debug({ err, process: name }, 'process.pipeClosed'));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderrTail = (this.#stderrTail + text).slice(-stderrTailChars);
    });
    this.exited = new Promise((resolve) => {
      this.#child.once('error', (err) => resolve({ code: null, signal: null, stderrTail: err.message }));
      this.#child.once('close', (code, signal) => resolve({ code, signal, stderrTail: this.#stderrTail }));
    });
  }

  /** The last 4000 characters that the process has written to stderr so far. */
  get stderrTail(): string {
    return this.#stderrTail;
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.#child.kill(signal);
  }

  /** Closes stdin, so that the process can complete its work, and waits for its exit. Kills it after `graceMs`. */
  async finish(graceMs: number): Promise<ChildExit> {
    this.stdin.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), graceMs);
    const exit = await this.exited;
    clearTimeout(timer);
    return exit;
  }

  /** Sends SIGTERM and waits for the exit. Kills the process after `graceMs`. */
  async close(graceMs = childProcessGraceMs): Promise<ChildExit> {
    this.#child.kill('SIGTERM');
    return this.finish(graceMs);
  }
}
