export type LinkState = 'new' | 'connecting' | 'connected' | 'disconnected' | 'failed' | 'closed';

interface LinkRecoveryOptions {
  restartIce: () => Promise<void>;
  connected: () => void;
  /** Nothing less helps: enter the room anew. */
  rejoin: () => void;
  /** It has never been connected. */
  unreachable: () => void;
}

/** Browsers report `disconnected` for a moment of packet loss too; a shorter patience would restart for nothing. */
const disconnectedGraceMs = 2_000;
/** A restart that has not connected by then will not. */
const restartTimeoutMs = 8_000;
/** Nor will a first connection; browsers never call a DTLS handshake that hangs a failure. */
const connectTimeoutMs = 12_000;

/**
 * Brings a media connection back: an ICE restart when it has been away for a while or the network changed, entering the
 * room anew when that fails. Says where it does not connect at all. Owns its timer; `close` ends it.
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

  /** The computer moved to another network: what looks connected no longer is. */
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
