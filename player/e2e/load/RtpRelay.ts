import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { withoutExtensions } from './rtpHeader.ts';

export interface RelayTarget {
  ssrc: number;
  videoPort: number;
  audioPort: number;
}

/** Sends the packets of one viewer to plain RTP ports of this machine, so that another server forwards the same media. Owns its socket. */
export class RtpRelay {
  readonly #socket: Socket = createSocket('udp4');
  readonly #target: RelayTarget;

  constructor(target: RelayTarget) {
    this.#target = target;
  }

  send(kind: 'audio' | 'video', packet: Buffer): void {
    const { ssrc, videoPort, audioPort } = this.#target;
    this.#socket.send(withoutExtensions(packet, ssrc), kind === 'video' ? videoPort : audioPort, '127.0.0.1');
  }

  close(): void {
    this.#socket.close();
  }
}
