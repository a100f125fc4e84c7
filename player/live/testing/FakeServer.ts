import { vi } from 'vitest';
import { CodedError } from '#engine/contract';
import type { ErrorCode } from '#engine/contract';
import type { RoomSession } from '../MediaLink.ts';

export interface FakeTransport {
  on(name: string, listener: (...parameters: unknown[]) => void): FakeTransport;
  close(): void;
}

const fakeReach = () => ({ clear: vi.fn<() => void>(), unreachable: vi.fn<() => void>() });

/** A server that answers everything it does not refuse, and what a page has of it. An answer may be what is done to make it. */
export class FakeServer {
  readonly asked: string[] = [];
  readonly rejoin = vi.fn<() => void>();
  readonly reach = { send: fakeReach(), recv: fakeReach() };
  readonly #answers: Readonly<Record<string, unknown>>;
  readonly #refusals = new Map<string, ErrorCode[]>();
  readonly #meanwhile = new Map<string, () => void>();

  constructor(answers: Readonly<Record<string, unknown>> = {}) {
    this.#answers = { 'transport.open': { transportId: 'tra_1', parameters: {} }, ...answers };
  }

  /** The next requests of that name, one for each code. */
  refuse(name: string, codes: readonly ErrorCode[]): void {
    this.#refusals.set(name, [...codes]);
  }

  /** What happens while the next request of that name is under way. */
  meanwhile(name: string, happens: () => void): void {
    this.#meanwhile.set(name, happens);
  }

  async request(name: string): Promise<unknown> {
    this.asked.push(name);
    const happens = this.#meanwhile.get(name);
    this.#meanwhile.delete(name);
    happens?.();
    const refusal = this.#refusals.get(name)?.shift();
    if (refusal) throw new CodedError(refusal, 'refused');
    const answer = this.#answers[name];
    return (typeof answer === 'function' ? (answer as () => unknown)() : answer) ?? {};
  }

  times(name: string): number {
    return this.asked.filter((one) => one === name).length;
  }

  /** Its device makes this transport, in either direction. */
  stay(transport: () => FakeTransport): RoomSession {
    const device = { sendRtpCapabilities: {}, recvRtpCapabilities: {}, createSendTransport: transport, createRecvTransport: transport };
    const stay: Partial<Record<keyof RoomSession, unknown>> = { signaling: { request: (name: string) => this.request(name) }, device, iceServers: [], rejoin: this.rejoin, reach: this.reach };
    return stay as RoomSession;
  }
}
