import { once } from 'node:events';
import { until } from '#engine/testing';

/** Collects the garbage of another Node process, by its inspector, which Node opens on SIGUSR1. */
export class NodeInspector {
  /** For the environment of the process: a free port for its inspector. */
  readonly settings = { NODE_OPTIONS: '--inspect-port=0' };
  #address: string | undefined;

  /** Reads what the process prints. */
  readLine(line: string): void {
    this.#address ??= /Debugger listening on (ws:\S+)/.exec(line)?.[1];
  }

  async collectGarbage(pid: number): Promise<void> {
    if (!this.#address) process.kill(pid, 'SIGUSR1');
    const socket = new WebSocket(await until('the inspector', () => this.#address));
    await once(socket, 'open');
    socket.send(JSON.stringify({ id: 1, method: 'HeapProfiler.collectGarbage' }));
    await once(socket, 'message');
    socket.close();
  }
}
