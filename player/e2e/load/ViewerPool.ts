import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { Answered } from './poolMessages.ts';
import type { PoolResponse, PoolCount, PoolRequest } from './poolMessages.ts';
import type { RelayTarget } from './RtpRelay.ts';
import type { ViewerAddress } from './ViewerSignaling.ts';

interface Waiting {
  resolve: (answer: PoolResponse) => void;
  reject: (reason: Error) => void;
}

export interface JoinOptions {
  group?: string;
  /** How many join at the same time. */
  atOnce?: number;
  /** Their packets are sent on to these ports too. */
  relay?: RelayTarget;
}

/** On a busy machine a handshake may time out. */
const tolerableFailures = 0.05;

/**
 * Viewers that receive over real ICE, DTLS and SRTP, in a process of their own, in named groups. A sample of packets is
 * decrypted; losses and delays are read from the RTP headers. Owns the process.
 */
export class ViewerPool {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (message) => this.#receive(message));
    child.once('exit', (code, signal) => this.#fail(new Error(`the process of the viewers ended with ${code ?? signal}`)));
  }

  static start(): ViewerPool {
    return new ViewerPool(fork(path.join(import.meta.dirname, 'viewerPoolProcess.ts'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));
  }

  get pid(): number {
    return this.#child.pid ?? NaN;
  }

  /** Resolves when all have video, with the milliseconds from each one's first request until its tracks were resumed. */
  async join(viewers: readonly ViewerAddress[], { group = 'viewers', atOnce = 1, relay }: JoinOptions = {}): Promise<number[]> {
    const { connectedMs = [], problems = [] } = await this.#ask({ type: 'join', group, viewers: [...viewers], atOnce, ...(relay ? { relay } : {}) });
    if (problems.length > viewers.length * tolerableFailures) throw new Error(`${problems.length} of ${viewers.length} did not join: ${problems[0] ?? ''}`);
    for (const problem of problems) process.stderr.write(`a viewer did not join: ${problem}\n`);
    return connectedMs;
  }

  async setPaused(isPaused: boolean, group = 'viewers'): Promise<void> {
    await this.#ask({ type: 'setPaused', group, isPaused });
  }

  /** Counts what a group receives until `during` resolves. */
  async measure(during: () => Promise<void>, group = 'viewers'): Promise<PoolCount> {
    await this.#ask({ type: 'mark', group });
    await during();
    const { count } = await this.#ask({ type: 'count', group });
    if (!count) throw new Error('the viewers were not counted');
    return count;
  }

  async leave(count: number, group = 'viewers'): Promise<void> {
    await this.#ask({ type: 'leave', group, count });
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.disconnect();
    await exited;
  }

  #ask(request: PoolRequest): Promise<PoolResponse> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ id, request });
    });
  }

  #receive(message: unknown): void {
    const answered = Answered.parse(message);
    const waiting = this.#waiting.get(answered.id);
    this.#waiting.delete(answered.id);
    if ('problem' in answered) waiting?.reject(new Error(answered.problem));
    else waiting?.resolve(answered.answer);
  }

  #fail(reason: Error): void {
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }
}
