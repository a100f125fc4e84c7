import { vi } from 'vitest';
import { CodedError } from '#engine/contract';
import type { ErrorCode, Publication } from '#engine/contract';
import { requests } from '#signaling/contract';
import type { RequestName } from '#signaling/contract';
import type { RoomSession } from '../MediaLink.ts';
import type { AnyPush } from '../SignalingClient.ts';
import { FakeSignaling } from './FakeSignaling.ts';

export interface FakeTransport {
  on(name: string, listener: (...parameters: unknown[]) => void): FakeTransport;
  close(): void;
}

const fakeReachability = () => ({ markReachable: vi.fn<() => void>(), markUnreachable: vi.fn<() => void>() });

/** FakeSignaling with refusals that a test asks for, and the session of a page that is connected to it. */
export class FakeServer {
  readonly requests: string[] = [];
  readonly rejoin = vi.fn<() => void>();
  readonly readCapabilities = vi.fn<() => Promise<void>>().mockResolvedValue();
  readonly reachability = { send: fakeReachability(), recv: fakeReachability() };
  readonly #signaling: FakeSignaling;
  readonly #refusals = new Map<string, ErrorCode[]>();
  readonly #during = new Map<string, () => void>();

  constructor(onPush?: (push: AnyPush) => void) {
    this.#signaling = new FakeSignaling(onPush);
  }

  /** What the page publishes from now on is on standby. */
  onStandby(): void {
    this.#signaling.isStandby = true;
  }

  own(): Publication[] {
    return this.#signaling.own();
  }

  /** Another participant publishes a track. */
  add(publication: Publication): void {
    this.#signaling.add(publication);
  }

  /** Refuses the next requests of that name, one with each code. */
  refuse(name: string, codes: readonly ErrorCode[]): void {
    this.#refusals.set(name, [...codes]);
  }

  /** Runs an action while the next request of that name is in flight. */
  during(name: string, action: () => void): void {
    this.#during.set(name, action);
  }

  /** Takes other names too, for steps between the page and the server. */
  async request(name: string, data?: unknown): Promise<unknown> {
    this.requests.push(name);
    const action = this.#during.get(name);
    this.#during.delete(name);
    action?.();
    const refusal = this.#refusals.get(name)?.shift();
    if (refusal) throw new CodedError(refusal, 'refused');
    return Object.hasOwn(requests, name) ? this.#signaling.request(name as RequestName, data as never) : {};
  }

  count(name: string): number {
    return this.requests.filter((one) => one === name).length;
  }

  /** A session whose device creates this transport in both directions. */
  session(transport: () => FakeTransport): RoomSession {
    const device = { sendRtpCapabilities: {}, recvRtpCapabilities: {}, createSendTransport: transport, createRecvTransport: transport };
    const session: Partial<Record<keyof RoomSession, unknown>> = { signaling: { request: (name: string, data: unknown) => this.request(name, data) }, device, iceServers: [], rejoin: this.rejoin, readCapabilities: this.readCapabilities, reachability: this.reachability };
    return session as RoomSession;
  }
}
