import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { AckError, requests, signalingNamespace } from '#signaling/contract';
import type { Ack, AckData, RequestInput, RequestName } from '#signaling/contract';
import { withTimeout } from './withTimeout.ts';

const answerWithinMs = 8000;

/** What the server did with something that was sent to it. */
export type Reaction = { kind: 'refused'; code: string } | { kind: 'answered' } | { kind: 'cut' } | { kind: 'defect'; what: string };

/** A socket that sends anything at all. Owns the socket. */
export class Attacker {
  readonly #socket: Socket;
  readonly #cut: Promise<'cut'>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#cut = new Promise((resolve) => socket.once('disconnect', () => resolve('cut')));
  }

  static async connect(url: string): Promise<Attacker> {
    const socket = io(`${url}${signalingNamespace}`, { transports: ['websocket'], reconnection: false, forceNew: true });
    const attacker = new Attacker(socket);
    try {
      await withTimeout('connection', answerWithinMs, new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('connect_error', reject);
        socket.io.once('close', (reason) => reject(new Error(`closed before it was connected: ${reason}`)));
      }));
    } catch (error) {
      attacker.leave();
      throw error;
    }
    return attacker;
  }

  get isConnected(): boolean {
    return this.#socket.connected;
  }

  async ask<N extends RequestName>(name: N, request: RequestInput<N>): Promise<AckData<N>> {
    const answer = (await this.#exchange(name, request)) as Ack<N> | 'cut';
    if (answer === 'cut') throw new Error(`${name}: cut off`);
    if (!answer.ok) throw new Error(`${name}: ${answer.error.code} ${answer.error.message}`);
    return answer.data;
  }

  /** Sends it, and says whether what came back is as the protocol has it. */
  async provoke(name: string, data: unknown): Promise<Reaction> {
    const answer = await this.#exchange(name, data).catch((error: unknown) => error);
    if (answer === 'cut') return { kind: 'cut' };
    if (answer instanceof Error) return { kind: 'defect', what: answer.message };
    return reactionOf(name, answer);
  }

  /** Sends it and waits for nothing. */
  shout(name: string, data: unknown, ack?: () => void): void {
    if (ack) this.#socket.emit(name, data, ack);
    else this.#socket.emit(name, data);
  }

  leave(): void {
    this.#socket.disconnect();
  }

  [Symbol.dispose](): void {
    this.leave();
  }

  #exchange(name: string, data: unknown): Promise<unknown> {
    if (!this.#socket.connected) return Promise.resolve('cut');
    const answered = new Promise((resolve) => this.#socket.emit(name, data, resolve));
    return withTimeout(`answer to ${name}`, answerWithinMs, Promise.race([answered, this.#cut]));
  }
}

function reactionOf(name: string, answer: unknown): Reaction {
  const { ok, data, error } = answer as { ok?: boolean; data?: unknown; error?: unknown };
  if (ok === true) {
    const known = Object.hasOwn(requests, name) ? requests[name as RequestName] : undefined;
    return known?.ack.safeParse(data).success ? { kind: 'answered' } : { kind: 'defect', what: `success of an undocumented shape: ${JSON.stringify(data).slice(0, 200)}` };
  }
  const coded = AckError.safeParse(error);
  if (!coded.success) return { kind: 'defect', what: `an answer without a code: ${JSON.stringify(answer).slice(0, 200)}` };
  return coded.data.code === 'internal' ? { kind: 'defect', what: `internal: ${coded.data.message}` } : { kind: 'refused', code: coded.data.code };
}
