import { EventEmitter } from 'node:events';

/** An Engine.IO connection without a network. Packets are in flight until the client reads them. */
export class FakeConnection extends EventEmitter {
  readonly #waiting: string[] = [];
  #isWritable = true;
  #isReading = true;
  readyState: 'open' | 'closing' | 'closed' = 'open';

  send(data: string): void {
    if (this.readyState !== 'open') return;
    this.emit('packetCreate', { type: 'message', data });
    this.#waiting.push(data);
    this.#flush();
  }

  /** The client sends. */
  receive(data: string): void {
    if (this.readyState === 'open') this.emit('data', data);
  }

  setReading(isReading: boolean): void {
    this.#isReading = isReading;
    this.#isWritable ||= isReading;
    this.#flush();
  }

  /** `discard` closes it at once; otherwise the client gets what is waiting. */
  close(discard = false): void {
    if (this.readyState === 'closed') return;
    this.readyState = 'closing';
    if (discard || this.#waiting.length === 0) this.#closed();
  }

  #flush(): void {
    if (!this.#isWritable || this.#waiting.length === 0 || this.readyState === 'closed') return;
    this.#isWritable = this.#isReading;
    this.emit('flush', this.#waiting.splice(0));
    if (this.readyState === 'closing') this.#closed();
  }

  #closed(): void {
    this.readyState = 'closed';
    this.emit('close');
  }
}
