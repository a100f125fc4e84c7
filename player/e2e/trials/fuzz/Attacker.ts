import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { AckError, requests, signalingNamespace } from '#signaling/contract';
import type { Ack, AckData, RequestInput, RequestName } from '#signaling/contract';
import { withTimeout } from './withTimeout.ts';

const responseWithinMs = 60_000;

/** The server's reaction to a message. */
export type Reaction = { kind: 'refused'; code: string } | { kind: 'answered' } | { kind: 'disconnected' } | { kind: 'defect'; what: string };

/** A Socket.IO client that sends anything. Owns its socket. */
export class Attacker {
  readonly #socket: Socket;
  readonly #disconnected: Promise<'disconnected'>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#disconnected = new Promise((resolve) => socket.once('disconnect', () => resolve('disconnected')));
  }

  static async connect(url: string): Promise<Attacker> {
    const socket = io(`${url}${signalingNamespace}`, { transports: ['websocket'], reconnection: false, forceNew: true });
    const attacker = new Attacker(socket);
    try {
      await withTimeout('connection', responseWithinMs, new Promise<void>((resolve, reject) => {
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

  /** Sends a valid request; again, when the server names a time to wait. */
  async ask<N extends RequestName>(name: N, request: RequestInput<N>): Promise<AckData<N>> {
    const answer = (await this.#exchange(name, request)) as Ack<N> | 'disconnected';
    if (answer === 'disconnected') throw new Error(`${name}: disconnected`);
    if (!answer.ok && answer.error.retryAfterMs !== undefined) {
      await new Promise((resolve) => setTimeout(resolve, answer.error.retryAfterMs));
      return this.ask(name, request);
    }
    if (!answer.ok) throw new Error(`${name}: ${answer.error.code} ${answer.error.message}`);
    return answer.data;
  }

  /** Sends a message, and checks the response against the protocol. */
  async provoke(name: string, data: unknown): Promise<Reaction> {
    const answer = await this.#exchange(name, data).catch((error: unknown) => error);
    if (answer === 'disconnected') return { kind: 'disconnected' };
    if (answer instanceof Error) return { kind: 'defect', what: answer.message };
    return reactionOf(name, answer);
  }

  /** Sends a message without waiting for a response. */
  emit(name: string, data: unknown, ack?: () => void): void {
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
    if (!this.#socket.connected) return Promise.resolve('disconnected');
    const answered = new Promise((resolve) => this.#socket.emit(name, data, resolve));
    return withTimeout(`response to ${name}`, responseWithinMs, Promise.race([answered, this.#disconnected]));
  }
}

function reactionOf(name: string, answer: unknown): Reaction {
  const { ok, data, error } = answer as { ok?: boolean; data?: unknown; error?: unknown };
  if (ok === true) {
    const known = Object.hasOwn(requests, name) ? requests[name as RequestName] : undefined;
    return known?.ack.safeParse(data).success ? { kind: 'answered' } : { kind: 'defect', what: `success of an undocumented shape: ${JSON.stringify(data).slice(0, 200)}` };
  }
  const coded = AckError.safeParse(error);
  if (!coded.success) return { kind: 'defect', what: `a response without a code: ${JSON.stringify(answer).slice(0, 200)}` };
  return coded.data.code === 'internal' ? { kind: 'defect', what: `internal: ${coded.data.message}` } : { kind: 'refused', code: coded.data.code };
}
