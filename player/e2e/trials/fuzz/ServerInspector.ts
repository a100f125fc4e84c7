import { setTimeout } from 'node:timers/promises';
import * as z from 'zod';
import { processTree } from '#engine/testing';
import type { ProcessUse } from '#engine/testing';

/** Chrome DevTools Protocol, Runtime.getHeapUsage, in bytes. */
const HeapUsage = z.object({ usedSize: z.number(), backingStorageSize: z.number() });
type HeapUsage = z.infer<typeof HeapUsage>;

/** Between two measurements. */
const settlingMs = 250;

/** What a server uses after a garbage collection. */
export interface ServerUse {
  /** What JavaScript holds, in MB. */
  heapMb: number;
  /** What buffers hold outside of the heap, in MB. */
  buffersMb: number;
  residentMb: number;
  /** Of all media workers. */
  workerResidentMb: number;
  /** Files, sockets and ports of the server and all its children. */
  handles: number;
  children: number;
}

/** Starts a server with V8's inspector. */
export const withInspector = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

/** The address of its inspector, from the line in which a server prints it. */
export function inspectorUrlIn(line: string): string | undefined {
  return /^Debugger listening on (ws:\S+)/.exec(line)?.[1];
}

/** Measures a server that was started `withInspector`. Owns the connection. */
export class ServerInspector {
  readonly #pid: number;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (result: unknown) => void>();
  #lastId = 0;

  private constructor(pid: number, socket: WebSocket) {
    this.#pid = pid;
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const { id, result } = JSON.parse(String(data)) as { id?: number; result?: unknown };
      if (id === undefined) return;
      this.#waiting.get(id)?.(result);
      this.#waiting.delete(id);
    });
  }

  static async open(pid: number, inspectorUrl: string): Promise<ServerInspector> {
    const socket = new WebSocket(inspectorUrl);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true });
      socket.addEventListener('error', () => reject(new Error('the inspector does not respond')), { once: true });
    });
    const inspector = new ServerInspector(pid, socket);
    await inspector.#request('HeapProfiler.enable');
    return inspector;
  }

  async use(): Promise<ServerUse> {
    const { usedSize, backingStorageSize } = await this.#heapUsage();
    const tree = processTree(this.#pid);
    return {
      heapMb: usedSize / 2 ** 20,
      buffersMb: backingStorageSize / 2 ** 20,
      residentMb: tree[0]?.residentMb ?? 0,
      workerResidentMb: tree.filter(({ command }) => command.startsWith('mediasoup')).reduce((sum, { residentMb }) => sum + residentMb, 0),
      handles: handlesOf(tree),
      children: tree.length - 1,
    };
  }

  /** The second collection takes what finalisers of the first released; V8 frees the memory of buffers a little later. */
  async #heapUsage(): Promise<HeapUsage> {
    for (let round = 0; round < 2; round += 1) {
      await this.#request('HeapProfiler.collectGarbage');
      await setTimeout(100);
    }
    return HeapUsage.parse(await this.#request('Runtime.getHeapUsage'));
  }

  /** What it uses once that is at most `limit`, or after so long: connections close and children end with a delay. */
  async settled(limit: Partial<ServerUse>, withinMs: number): Promise<{ use: ServerUse; isCalm: boolean }> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const use = await this.use();
      const isCalm = (Object.keys(limit) as (keyof ServerUse)[]).every((what) => use[what] <= (limit[what] ?? Infinity));
      if (isCalm || performance.now() > deadline) return { use, isCalm };
      await setTimeout(settlingMs);
    }
  }

  close(): void {
    this.#socket.close();
  }

  #request(method: string): Promise<unknown> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#socket.send(JSON.stringify({ id, method, params: {} }));
    });
  }
}

function handlesOf(tree: readonly ProcessUse[]): number {
  return tree.reduce((sum, { handles }) => sum + handles, 0);
}
