import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import type { TransportParameters } from '../../contract/index.ts';

/** Every so many large packets one is lost. */
const lostEvery = 20;
/** Video: packets of audio and RTCP are smaller. */
const largePacketBytes = 300;

/** A network path from the server to one browser that loses some packets of the video. Owns its two sockets. */
export class LossyRelay {
  readonly #near: Socket;
  readonly #far: Socket;
  #browser: { port: number; address: string } | undefined;
  #server: { port: number; address: string } | undefined;
  #large = 0;
  lost = 0;

  private constructor(near: Socket, far: Socket) {
    this.#near = near;
    this.#far = far;
    near.on('message', (packet, { port, address }) => {
      this.#browser = { port, address };
      if (this.#server) far.send(packet, this.#server.port, this.#server.address);
    });
    far.on('message', (packet) => {
      if (!this.#browser || this.#isLost(packet)) return;
      near.send(packet, this.#browser.port, this.#browser.address);
    });
  }

  static async open(): Promise<LossyRelay> {
    const [near, far] = [createSocket('udp4').bind(0), createSocket('udp4').bind(0)];
    await Promise.all([once(near, 'listening'), once(far, 'listening')]);
    return new LossyRelay(near, far);
  }

  /** The parameters of a transport that is reached over this path, and over UDP only. */
  readonly announce = async (parameters: TransportParameters): Promise<TransportParameters> => {
    const candidates = parameters.iceCandidates.filter(({ protocol }) => protocol === 'udp');
    const [first] = candidates;
    if (!first) throw new Error('the transport has no UDP candidate');
    this.#server = { port: first.port, address: '127.0.0.1' };
    const { port } = this.#near.address();
    return { ...parameters, iceCandidates: candidates.map((candidate) => ({ ...candidate, port })) };
  };

  close(): void {
    this.#near.close();
    this.#far.close();
  }

  #isLost(packet: Buffer): boolean {
    if (packet.length < largePacketBytes) return false;
    this.#large += 1;
    if (this.#large % lostEvery !== 0) return false;
    this.lost += 1;
    return true;
  }
}
