// Responsible for one process that runs `runLectureNode.ts`. Owns the process and ends it.
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { until } from '#engine/testing';
import type { NodeEvent } from './NodeEvent.ts';

const script = fileURLToPath(new URL('./runLectureNode.ts', import.meta.url));

export interface LectureNodeOptions {
  dataFolder: string;
  storeFolder: string;
  databaseUrl: string;
  flv: string;
}

export class LectureNode {
  readonly dataFolder: string;
  readonly events: NodeEvent[] = [];
  nodeId = '';
  readonly #options: LectureNodeOptions;
  #process: ChildProcessByStdio<Writable, Readable, null> | undefined;
  #hasExited: Promise<unknown> = Promise.resolve();

  constructor(options: LectureNodeOptions) {
    this.#options = options;
    this.dataFolder = options.dataFolder;
  }

  /** Starts the process, also again after it was killed. Resolves when it can take commands. */
  async start(): Promise<void> {
    const { dataFolder, storeFolder, databaseUrl, flv } = this.#options;
    const started = spawn(process.execPath, [script, dataFolder, storeFolder, databaseUrl, flv], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#process = started;
    this.#hasExited = new Promise((resolve) => started.once('exit', resolve));
    started.stdin.on('error', () => undefined);
    const before = this.events.length;
    createInterface({ input: started.stdout }).on('line', (line) => this.events.push(JSON.parse(line) as NodeEvent));
    const ready = await until('a node that is ready', () => this.events.slice(before).find((event) => event.event === 'ready'));
    if (ready.event === 'ready') this.nodeId = ready.nodeId;
  }

  command(line: string): void {
    this.#process?.stdin.write(`${line}\n`);
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#process?.kill(signal);
  }

  async kill(): Promise<void> {
    this.#process?.kill('SIGCONT');
    this.#process?.kill('SIGKILL');
    await this.#hasExited;
  }

  /** Writes the rest, and ends the process. */
  async stop(): Promise<void> {
    this.command('stop');
    await this.#hasExited;
  }

  /** It has printed the event, apart from the first `since` events. */
  has(event: NodeEvent['event'], since: number): boolean {
    return this.events.slice(since).some((one) => one.event === event);
  }
}
