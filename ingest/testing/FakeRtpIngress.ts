import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { MediaCloseReason, RtpIngress, RtpIngressOptions } from '#engine';
import { FakeTrack } from '#engine/testing';

export interface RtpPacket {
  payloadType: number;
  ssrc: number;
  sequence: number;
  timestamp: number;
  hasMarker: boolean;
  payload: Buffer;
  arrivedAtMs: number;
}

/** An ingress on real UDP ports that keeps what arrives. Owns its sockets; closing the ingress or its track closes both. */
export class FakeRtpIngress implements RtpIngress {
  readonly host = '127.0.0.1';
  readonly options: RtpIngressOptions;
  readonly track: FakeTrack;
  readonly packets: RtpPacket[] = [];
  readonly reports: Buffer[] = [];
  rtpPort = 0;
  rtcpPort = 0;
  readonly #rtp = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 });
  readonly #rtcp = createSocket('udp4');
  #reporter: { address: string; port: number } | undefined;

  constructor(options: RtpIngressOptions) {
    this.options = options;
    this.track = FakeTrack.withoutMedia(options.kind);
    this.#rtp.on('message', (packet) => {
      this.packets.push(readRtp(packet));
      if (!this.track.hasMedia) this.track.media();
    });
    this.#rtcp.on('message', (packet, { address, port }) => {
      this.reports.push(Buffer.from(packet));
      this.#reporter = { address, port };
    });
    this.track.onClosed(() => {
      this.#rtp.close();
      this.#rtcp.close();
    });
  }

  get isClosed(): boolean {
    return this.track.isClosed;
  }

  async listen(): Promise<this> {
    this.#rtp.bind(0, this.host);
    this.#rtcp.bind(0, this.host);
    await Promise.all([once(this.#rtp, 'listening'), once(this.#rtcp, 'listening')]);
    this.rtpPort = this.#rtp.address().port;
    this.rtcpPort = this.#rtcp.address().port;
    return this;
  }

  /** Sends a picture loss indication, as the SFU does when a viewer joins. */
  requestKeyframe(): void {
    if (!this.#reporter) throw new Error('no sender report has arrived');
    this.#rtcp.send(Buffer.from('81ce00020000000100000002', 'hex'), this.#reporter.port, this.#reporter.address);
  }

  close(reason: MediaCloseReason): void {
    this.track.close(reason);
  }
}

function readRtp(packet: Buffer): RtpPacket {
  return {
    payloadType: (packet[1] ?? 0) & 127,
    hasMarker: ((packet[1] ?? 0) & 128) !== 0,
    sequence: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
    ssrc: packet.readUInt32BE(8),
    payload: Buffer.from(packet.subarray(12)),
    arrivedAtMs: performance.now(),
  };
}
