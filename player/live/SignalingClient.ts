import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { CodedError } from '#engine/contract';
import { pushes } from '#signaling/contract';
import type { Ack, AckData, AckError, PushData, PushName, RequestInput, RequestName } from '#signaling/contract';
import { text } from '../text/index.ts';

/** A message that the server pushes. */
export type AnyPush = { [N in PushName]: { name: N; data: PushData<N> } }[PushName];

/** The part of the connection that the tracks use; tests have their own. */
export interface Signaling {
  request<N extends RequestName>(name: N, data: RequestInput<N>, timeoutMs?: number): Promise<AckData<N>>;
}

export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError';
}

export class RequestTimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

export interface SignalingAddress {
  namespace: string;
  path: string;
}

interface SignalingListeners {
  onPush: (push: AnyPush) => void;
  /** The connection is lost for good. Not called after `close`. */
  onLost: () => void;
}

const requestTimeoutMs = 10_000;
const connectTimeoutMs = 8_000;
/** An upgrade to WebSocket takes a few round trips; some proxies accept the request and never answer it. */
const upgradeTimeoutMs = 4_000;

/** Thrown when a WebSocket was requested and nobody answered. */
class UnansweredUpgradeError extends ConnectionLostError {}

/** Which transport a connection starts with. After an unanswered upgrade, it is polling, until an upgrade succeeds. */
export class TransportOrder {
  private startsWithPolling = false;

  get transports(): ('websocket' | 'polling')[] {
    return this.startsWithPolling ? ['polling', 'websocket'] : ['websocket', 'polling'];
  }

  get timeoutMs(): number {
    return this.startsWithPolling ? connectTimeoutMs : upgradeTimeoutMs;
  }

  upgradeUnanswered(): void {
    this.startsWithPolling = true;
  }

  upgraded(): void {
    this.startsWithPolling = false;
  }
}

const pageOrder = new TransportOrder();

/**
 * One connection to the signaling server: typed requests, validated pushes. It never reconnects by itself, because
 * every connection needs its own ticket. Owns the socket; `close` closes it.
 */
export class SignalingClient implements Signaling {
  private readonly socket: Socket;

  private constructor(socket: Socket, { onPush, onLost }: SignalingListeners) {
    this.socket = socket;
    socket.onAny((name: string, data: unknown) => {
      const push = readPush(name, data);
      if (push) onPush(push);
    });
    socket.on('disconnect', (reason) => {
      if (reason !== 'io client disconnect') onLost();
    });
  }

  /** Connects over WebSocket. If nobody answers, connects by polling, which Socket.IO upgrades to a WebSocket if it can. */
  static async connect(address: SignalingAddress, listeners: SignalingListeners, order = pageOrder): Promise<SignalingClient> {
    try {
      return await SignalingClient.connectOnce(address, listeners, order);
    } catch (error) {
      if (!(error instanceof UnansweredUpgradeError)) throw error;
      order.upgradeUnanswered();
      return SignalingClient.connectOnce(address, listeners, order);
    }
  }

  private static connectOnce(address: SignalingAddress, listeners: SignalingListeners, order: TransportOrder): Promise<SignalingClient> {
    const { transports } = order;
    const socket = io(address.namespace, { path: address.path, transports, tryAllTransports: true, reconnection: false, forceNew: true, timeout: order.timeoutMs });
    return new Promise((resolve, reject) => {
      let isOpen = false;
      socket.io.once('open', () => {
        isOpen = true;
        socket.io.engine.once('upgrade', () => order.upgraded());
      });
      const fail = (error: Error) => {
        clearTimeout(timer);
        socket.disconnect();
        reject(error);
      };
      // Socket.IO's own timeout covers only its handshake, not joining the namespace.
      const timer = setTimeout(() => fail(new ConnectionLostError('the server did not respond')), connectTimeoutMs);
      socket.once('connect_error', ({ message }) => {
        if (message === 'server.busy') return fail(new CodedError('server.busy', text.errors['server.busy']));
        const isUnanswered = !isOpen && message === 'timeout' && transports[0] === 'websocket';
        fail(isUnanswered ? new UnansweredUpgradeError(message) : new ConnectionLostError(message));
      });
      // A stopping server closes a connection during the handshake. Then no connect_error is emitted.
      socket.once('disconnect', (reason) => fail(new ConnectionLostError(reason)));
      socket.once('connect', () => {
        clearTimeout(timer);
        socket.off('disconnect');
        resolve(new SignalingClient(socket, listeners));
      });
    });
  }

  async request<N extends RequestName>(name: N, data: RequestInput<N>, timeoutMs = requestTimeoutMs): Promise<AckData<N>> {
    if (!this.socket.connected) throw new ConnectionLostError(`${name}: not connected`);
    const ack = await this.emit(name, data, timeoutMs);
    if (ack.ok) return ack.data;
    throw failureOf(ack.error);
  }

  close(): void {
    this.socket.disconnect();
  }

  private async emit<N extends RequestName>(name: N, data: RequestInput<N>, timeoutMs: number): Promise<Ack<N>> {
    try {
      return (await this.socket.timeout(timeoutMs).emitWithAck(name, data)) as Ack<N>;
    } catch (cause) {
      throw this.socket.connected
        ? new RequestTimeoutError(`${name}: no response in ${timeoutMs} ms`, { cause })
        : new ConnectionLostError(`${name}: connection lost`, { cause });
    }
  }
}

/** The validated push; undefined if this page does not know it or cannot parse it. */
export function readPush(name: string, data: unknown): AnyPush | undefined {
  if (!Object.hasOwn(pushes, name)) return undefined;
  const known = name as PushName;
  const parsed = pushes[known].data.safeParse(data);
  return parsed.success ? ({ name: known, data: parsed.data } as AnyPush) : undefined;
}

export function failureOf({ code, message, retryAfterMs, incidentId }: AckError): CodedError {
  return new CodedError(code, message, { details: { retryAfterMs, incidentId } });
}

/** The wait before a retry that the server asks for; undefined without one. */
export function retryAfterMsOf(error: unknown): number | undefined {
  if (!(error instanceof CodedError)) return undefined;
  const wait = error.details?.retryAfterMs;
  return typeof wait === 'number' ? wait : undefined;
}
