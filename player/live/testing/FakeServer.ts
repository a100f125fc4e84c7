import { vi } from 'vitest';
import { CodedError } from '#engine/contract';
import type { ErrorCode } from '#engine/contract';
import type { RoomSession } from '../MediaLink.ts';

export interface FakeTransport {
  on(name: string, listener: (...parameters: unknown[]) => void): FakeTransport;
  close(): void;
}

const fakeReachability = () => ({ markReachable: vi.fn<() => void>(), markUnreachable: vi.fn<() => void>() });

/** A signaling server that responds to every request, except those it is told to refuse. A response can be a function. */
export class FakeServer {
  readonly requests: string[] = [];
  readonly rejoin = vi.fn<() => void>();
  readonly reachability = { send: fakeReachability(), recv: fakeReachability() };
  readonly #responses: Readonly<Record<string, unknown>>;
  readonly #refusals = new Map<string, ErrorCode[]>();
  readonly #during = new Map<string, () => void>();

  constructor(responses: Readonly<Record<string, unknown>> = {}) {
    this.#responses = { 'transport.open': { transportId: 'tra_1', parameters: {} }, ...responses };
  }

  /** Refuses the next requests of that name, one with each code. */
  refuse(name: string, codes: readonly ErrorCode[]): void {
    this.#refusals.set(name, [...codes]);
  }

  /** Runs an action while the next request of that name is in flight. */
  during(name: string, action: () => void): void {
    this.#during.set(name, action);
  }

  async request(name: string): Promise<unknown> {
    this.requests.push(name);
    const action = this.#during.get(name);
    this.#during.delete(name);
    action?.();
    const refusal = this.#refusals.get(name)?.shift();
    if (refusal) throw new CodedError(refusal, 'refused');
    const response = this.#responses[name];
    return (typeof response === 'function' ? (response as () => unknown)() : response) ?? {};
  }

  count(name: string): number {
    return this.requests.filter((one) => one === name).length;
  }

  /** A session whose device creates this transport in both directions. */
  session(transport: () => FakeTransport): RoomSession {
    const device = { sendRtpCapabilities: {}, recvRtpCapabilities: {}, createSendTransport: transport, createRecvTransport: transport };
    const session: Partial<Record<keyof RoomSession, unknown>> = { signaling: { request: (name: string) => this.request(name) }, device, iceServers: [], rejoin: this.rejoin, reachability: this.reachability };
    return session as RoomSession;
  }
}
