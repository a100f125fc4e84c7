import { randomBytes } from 'node:crypto';
import { classes, Message, methods, parseMessage } from 'werift';
import type { IceParameters } from '#engine/contract';

/** RFC 8445 §5.1.2.1: type preference 126 of a host candidate, highest local preference, component 1. */
const hostPriority = (126 << 24) | (65_535 << 8) | 255;
const firstRetryMs = 50;
/** The interval of libwebrtc on a stable connection. Consent expires after 30 s (RFC 7675 §5.1). */
const consentEveryMs = 2500;

/**
 * The controlling ICE agent of a server that is an ICE Lite agent with one candidate (RFC 8445 §2.5). Nominates the candidate and
 * renews consent. Owns its timer.
 */
export class IceClient {
  readonly #send: (bytes: Buffer) => void;
  readonly #remote: IceParameters;
  readonly #username: string;
  readonly #key: Buffer;
  readonly #tieBreaker = randomBytes(8).readBigUInt64BE();
  #timer: NodeJS.Timeout | undefined;
  #nominated: (() => void) | undefined;
  #responseCount = 0;

  constructor(remote: IceParameters, send: (bytes: Buffer) => void) {
    this.#send = send;
    this.#remote = remote;
    this.#username = `${remote.usernameFragment}:${randomBytes(4).toString('hex')}`;
    this.#key = Buffer.from(remote.password);
  }

  get responseCount(): number {
    return this.#responseCount;
  }

  /** Resolves on the first valid response, and renews consent from then on. */
  async connect(): Promise<void> {
    const nominated = new Promise<void>((resolve) => (this.#nominated = resolve));
    this.#sendRequest(firstRetryMs);
    await nominated;
  }

  receive(bytes: Buffer): void {
    const response = parseMessage(bytes, this.#key);
    if (response?.messageClass !== classes.RESPONSE) return;
    this.#responseCount += 1;
    this.#nominated?.();
    this.#nominated = undefined;
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #sendRequest(retryMs: number): void {
    this.#send(this.#request());
    const delayMs = this.#nominated ? retryMs : consentEveryMs * (0.8 + 0.4 * Math.random());
    this.#timer = setTimeout(() => this.#sendRequest(Math.min(500, retryMs * 2)), delayMs);
  }

  #request(): Buffer {
    const request = new Message(methods.BINDING, classes.REQUEST);
    request.setAttribute('USERNAME', this.#username);
    request.setAttribute('PRIORITY', hostPriority);
    request.setAttribute('ICE-CONTROLLING', this.#tieBreaker);
    request.setAttribute('USE-CANDIDATE', null);
    request.addMessageIntegrity(Buffer.from(this.#remote.password));
    request.addFingerprint();
    return request.bytes;
  }
}
