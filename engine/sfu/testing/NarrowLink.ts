import { execFile, execFileSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Two addresses. */
const prefix = '/30';

/** Whether this machine lets the test make a network namespace with a link of limited bandwidth: it needs root, ip and tc. */
export function canNarrow(): boolean {
  const name = `lectern-try-${process.pid}`;
  try {
    execFileSync('ip', ['netns', 'add', name], { stdio: 'ignore' });
    execFileSync('ip', ['netns', 'exec', name, 'tc', 'qdisc', 'add', 'dev', 'lo', 'root', 'tbf', 'rate', '1mbit', 'burst', '16kb', 'latency', '100ms'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    try {
      execFileSync('ip', ['netns', 'del', name], { stdio: 'ignore' });
    } catch {
      // It was not made.
    }
  }
}

/**
 * A network namespace whose only link to this machine has a limited bandwidth, in the direction of the namespace. Owns the
 * namespace, the link and the files of `wrap`.
 */
export class NarrowLink {
  readonly #name: string;
  readonly #outer: string;
  #folder: string | undefined;

  private constructor(name: string, outer: string) {
    this.#name = name;
    this.#outer = outer;
  }

  static async open(): Promise<NarrowLink> {
    const id = process.pid % 10_000;
    const [name, outer, inner] = [`lectern-${id}`, `lct${id}o`, `lct${id}i`];
    const link = new NarrowLink(name, outer);
    // A subnet of the range for benchmarks (RFC 2544).
    const subnet = `198.18.${id % 256}`;
    try {
      await ip('netns', 'add', name);
      await ip('link', 'add', outer, 'type', 'veth', 'peer', 'name', inner);
      await ip('link', 'set', inner, 'netns', name);
      await ip('addr', 'add', `${subnet}.1${prefix}`, 'dev', outer);
      await ip('link', 'set', outer, 'up');
      await ip('-n', name, 'addr', 'add', `${subnet}.2${prefix}`, 'dev', inner);
      await ip('-n', name, 'link', 'set', inner, 'up');
      await ip('-n', name, 'link', 'set', 'lo', 'up');
      await ip('-n', name, 'route', 'add', 'default', 'via', `${subnet}.1`);
      return link;
    } catch (err) {
      await link.close();
      throw err;
    }
  }

  /** Limits what reaches the namespace; a queue of 300 ms, as of a home router. */
  async limit(kbps: number): Promise<void> {
    await run('tc', ['qdisc', 'replace', 'dev', this.#outer, 'root', 'tbf', 'rate', `${kbps}kbit`, 'burst', '16kb', 'latency', '300ms']);
  }

  async unlimit(): Promise<void> {
    await run('tc', ['qdisc', 'del', 'dev', this.#outer, 'root']);
  }

  /** A program that runs another one in the namespace. */
  readonly wrap = async (executablePath: string): Promise<string> => {
    this.#folder = await mkdtemp(path.join(tmpdir(), 'lectern-netns-'));
    const file = path.join(this.#folder, 'inNamespace.sh');
    await writeFile(file, `#!/bin/sh\nexec ip netns exec ${this.#name} '${executablePath}' "$@"\n`);
    await chmod(file, 0o755);
    return file;
  };

  async close(): Promise<void> {
    if (this.#folder) await rm(this.#folder, { recursive: true });
    for (const command of [['link', 'del', this.#outer], ['netns', 'del', this.#name]]) await ip(...command).catch(() => undefined);
  }
}

async function ip(...command: readonly string[]): Promise<void> {
  await run('ip', [...command]);
}
