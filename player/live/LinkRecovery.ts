export type LinkState = 'new' | 'connecting' | 'connected' | 'disconnected' | 'failed' | 'closed';

interface LinkRecoveryOptions {
  restartIce: () => Promise<void>;
  connected: () => void;
  /** Recovery failed: join the room again. */
  rejoin: () => void;
  /** The first connection failed. */
  unreachable: () => void;
}

/** Browsers report `disconnected` also for short packet loss; a shorter grace period would cause needless restarts. */
const disconnectedGraceMs = 2_000;
/** A restart that has not connected by then has failed. */
const restartTimeoutMs = 8_000;
/** The same for the first connection. Browsers do not report a hanging DTLS handshake as a failure. */
const connectTimeoutMs = 12_000;

/**
 * Recovers a media connection: restarts ICE when the connection is lost or the network changed, and joins the room again
 * if that fails. Reports a connection that is never established. Owns its timer; `close` clears it.
 */
export class LinkRecovery {
  private readonly options: LinkRecoveryOptions;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private state: LinkState = 'new';
  private hasConnected = false;
  private isClosed = false;

  constructor(options: LinkRecoveryOptions) {
    this.options = options;
  }

  stateChanged(state: LinkState): void {
    if (this.isClosed) return;
    this.state = state;
    if (state === 'connected') this.connected();
    if (state === 'connecting' && this.timer === undefined) this.waitFor(connectTimeoutMs, () => this.giveUp());
    if (state === 'disconnected') this.waitFor(disconnectedGraceMs, () => void this.restart());
    if (state === 'failed') this.giveUp();
  }

  /** The network changed: the connection no longer works, whatever its state says. */
  networkChanged(): void {
    if (this.isClosed || this.state === 'new') return;
    void this.restart();
  }

  close(): void {
    this.isClosed = true;
    this.stopWaiting();
  }

  private connected(): void {
    this.stopWaiting();
    this.hasConnected = true;
    this.options.connected();
  }

  private async restart(): Promise<void> {
    this.stopWaiting();
    try {
      await this.options.restartIce();
    } catch {
      this.giveUp();
      return;
    }
    if (!this.isClosed && this.state !== 'connected') this.waitFor(restartTimeoutMs, () => this.giveUp());
  }

  private giveUp(): void {
    if (this.isClosed) return;
    this.close();
    if (this.hasConnected) this.options.rejoin();
    else this.options.unreachable();
  }

  private waitFor(delayMs: number, then: () => void): void {
    this.stopWaiting();
    this.timer = setTimeout(then, delayMs);
  }

  private stopWaiting(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
