// Responsible for one process of the cluster: its start, its log, its end. Owns the process and its log file.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import type { WriteStream } from 'node:fs';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

const lastLinesKept = 20;
/** Longer than the 25 s in which Lectern finishes its recordings and stops. */
const stopWithinMs = 30_000;
const pollMs = 100;

export interface ProcessOptions {
  name: string;
  command: readonly [string, ...string[]];
  cwd: string;
  env: NodeJS.ProcessEnv;
  logFile: string;
  /** Called with each line that it prints. */
  onLine?: (line: string) => void;
}

export class ClusterProcess {
  readonly name: string;
  /** Resolves with how it ended: `exit code 1`, `SIGKILL`, or why it could not start. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  readonly #log: WriteStream;
  readonly #lastLines: string[] = [];
  #isRunning = true;

  /** Starts it in a process group of its own, so that a Ctrl-C of the terminal reaches only the launcher. */
  constructor({ name, command: [program, ...args], cwd, env, logFile, onLine }: ProcessOptions) {
    this.name = name;
    this.#log = createWriteStream(logFile, { flags: 'a' });
    this.#child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const pipe of [this.#child.stdout, this.#child.stderr]) {
      if (!pipe) continue;
      createInterface({ input: pipe }).on('line', (line) => {
        this.#log.write(`${line}\n`);
        this.#lastLines.push(line);
        if (this.#lastLines.length > lastLinesKept) this.#lastLines.shift();
        onLine?.(line);
      });
    }
    // The workers of an nginx that was killed would live on, and keep its ports and its log.
    this.#child.once('exit', () => this.#killGroup());
    this.ended = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(error.message));
      this.#child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
    void this.ended.then(() => {
      this.#isRunning = false;
      this.#log.end();
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /**
   * Waits until `isReady` returns true.
   * @throws Error with the last lines of its log when it ends first, or is not ready in time
   */
  async until(isReady: () => Promise<boolean>, withinMs: number): Promise<void> {
    const deadline = performance.now() + withinMs;
    while (!(await isReady())) {
      if (!this.#isRunning) throw new Error(`${this.name} has ended (${await this.ended}):\n${this.#lastLines.join('\n')}`);
      if (performance.now() > deadline) throw new Error(`${this.name} is not ready after ${withinMs / 1000} s:\n${this.#lastLines.join('\n')}`);
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }

  /** Asks it to stop, and kills it if it does not. */
  async stop(): Promise<void> {
    if (!this.#isRunning) return;
    const timer = setTimeout(() => this.kill(), stopWithinMs);
    this.#child.kill('SIGTERM');
    await this.ended;
    clearTimeout(timer);
  }

  kill(): void {
    if (this.#isRunning) this.#child.kill('SIGKILL');
  }

  #killGroup(): void {
    try {
      if (this.pid !== undefined) process.kill(-this.pid, 'SIGKILL');
    } catch (error) {
      // Nothing is left of it.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** Whether something accepts connections at a port of this machine. */
export function accepts(port: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Whether a URL is answered with success. */
export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
