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

const fakeReach = () => ({ clear: vi.fn<() => void>(), unreachable: vi.fn<() => void>() });

/** FakeSignaling with refusals that a test asks for, and the session of a page that is connected to it. */
export class FakeServer {
  readonly asked: string[] = [];
  readonly rejoin = vi.fn<() => void>();
  readonly reach = { send: fakeReach(), recv: fakeReach() };
  readonly #signaling: FakeSignaling;
  readonly #refusals = new Map<string, ErrorCode[]>();
  readonly #meanwhile = new Map<string, () => void>();

  constructor(onPush?: (push: AnyPush) => void) {
    this.#signaling = new FakeSignaling(onPush);
  }

  /** Another participant publishes a track. */
  add(publication: Publication): void {
    this.#signaling.add(publication);
  }

  /** The next requests of that name, one for each code. */
  refuse(name: string, codes: readonly ErrorCode[]): void {
    this.#refusals.set(name, [...codes]);
  }

  /** What happens while the next request of that name is under way. */
  meanwhile(name: string, happens: () => void): void {
    this.#meanwhile.set(name, happens);
  }

  /** Takes other names too, for steps between the page and the server. */
  async request(name: string, data?: unknown): Promise<unknown> {
    this.asked.push(name);
    const happens = this.#meanwhile.get(name);
    this.#meanwhile.delete(name);
    happens?.();
    const refusal = this.#refusals.get(name)?.shift();
    if (refusal) throw new CodedError(refusal, 'refused');
    return Object.hasOwn(requests, name) ? this.#signaling.request(name as RequestName, data as never) : {};
  }

  times(name: string): number {
    return this.asked.filter((one) => one === name).length;
  }

  /** Its device makes this transport, in either direction. */
  stay(transport: () => FakeTransport): RoomSession {
    const device = { sendRtpCapabilities: {}, recvRtpCapabilities: {}, createSendTransport: transport, createRecvTransport: transport };
    const stay: Partial<Record<keyof RoomSession, unknown>> = { signaling: { request: (name: string, data: unknown) => this.request(name, data) }, device, iceServers: [], rejoin: this.rejoin, reach: this.reach };
    return stay as RoomSession;
  }
}
