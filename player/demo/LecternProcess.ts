import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

export interface LecternProcessOptions {
  dataFolder: string;
  /** Settings added to the environment of this process. */
  settings: Readonly<Record<string, string>>;
  /** Called with every line that the process prints. */
  onLine?: (line: string) => void;
  /** Called when the process exists, before its pages respond. */
  onSpawn?: (pid: number) => void;
}

export interface ProcessExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

const root = path.resolve(import.meta.dirname, '..', '..');
const startWithinMs = 60_000;

/** What follows `node` in the command of `npm start`. */
function startParameters(): string[] {
  const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { scripts: { start: string } };
  return scripts.start.split(' ').slice(1);
}

/** Runs Lectern as a child process. Owns the process. */
export class LecternProcess {
  readonly url: string;
  /** One-time token for the first account; undefined if that account exists. */
  readonly setupToken: string | undefined;
  readonly #child: ChildProcess;
  readonly #exited: Promise<ProcessExit>;

  private constructor(child: ChildProcess, found: { url: string; setupToken: string | undefined }) {
    this.#child = child;
    this.url = found.url;
    this.setupToken = found.setupToken;
    this.#exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  }

  /** Resolves when the pages respond. */
  static async start({ dataFolder, settings, onLine, onSpawn }: LecternProcessOptions): Promise<LecternProcess> {
    const environment = { ...process.env, LECTERN_LOG_FORMAT: 'json', ...settings, LECTERN_DATA_DIR: dataFolder };
    const child = spawn(process.execPath, startParameters(), { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    if (child.pid !== undefined) onSpawn?.(child.pid);
    const lines: string[] = [];
    const url = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`Lectern did not start within a minute:\n${lines.slice(-20).join('\n')}`)), startWithinMs);
      child.once('exit', (code) => reject(new Error(`Lectern ended with ${code}:\n${lines.slice(-20).join('\n')}`)));
      for (const pipe of [child.stdout, child.stderr]) {
        createInterface({ input: pipe }).on('line', (line) => {
          lines.push(line);
          if (lines.length > 400) lines.splice(0, 200);
          onLine?.(line);
          const started = pagesUrlIn(line);
          if (!started) return;
          clearTimeout(timer);
          // The setup link is printed right after.
          setTimeout(() => resolve(started), 100);
        });
      }
    });
    const setupToken = lines.map((line) => /\/setup\?token=(\w+)/.exec(line)?.[1]).find(Boolean);
    return new LecternProcess(child, { url, setupToken });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get exited(): Promise<ProcessExit> {
    return this.#exited;
  }

  /** Stops the process and waits for its exit. */
  async stop(): Promise<ProcessExit> {
    this.#child.kill('SIGTERM');
    return this.#exited;
  }

  /** Kills the process, like a crash. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }
}

/** The URL in the start message of `main.ts`: `  Pages    http://localhost:8080`. */
function pagesUrlIn(line: string): string | undefined {
  return /^ {2}Pages +(\S+)$/.exec(line)?.[1];
}
