import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import type { RelayTarget } from './RtpRelay.ts';
import type { ViewerAddress } from './ViewerSignaling.ts';

const program = path.resolve(import.meta.dirname, '../../../engine/sfu/testing/bareSfu.ts');
const Started = z.object({ url: z.string(), workerPid: z.number(), ssrc: z.number(), videoPort: z.number(), audioPort: z.number() });

/** mediasoup without Lectern, in a process of its own, with media from a relay. Owns the process. */
export class BareSfu {
  readonly workerPid: number;
  readonly relay: RelayTarget;
  readonly #child: ChildProcess;
  readonly #url: string;

  private constructor(child: ChildProcess, { url, workerPid, ...relay }: z.infer<typeof Started>) {
    this.#child = child;
    this.#url = url;
    this.workerPid = workerPid;
    this.relay = relay;
  }

  get pid(): number {
    return this.#child.pid ?? NaN;
  }

  static async start(): Promise<BareSfu> {
    const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const line = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).once('line', resolve);
      child.once('exit', (code) => reject(new Error(`bare mediasoup ended with ${code}`)));
    });
    return new BareSfu(child, Started.parse(JSON.parse(line)));
  }

  viewers(count: number): ViewerAddress[] {
    return Array.from({ length: count }, () => ({ kind: 'bare', baseUrl: this.#url }));
  }

  async stop(): Promise<void> {
    const exited = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    await exited;
  }
}
