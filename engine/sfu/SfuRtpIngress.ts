import type { types } from 'mediasoup';
import { background } from '../kernel/index.ts';
import type { Clock, Logger } from '../kernel/index.ts';
import type { CreateFrameTap } from './frames/RtpFrameTap.ts';
import type { MediaCloseReason, RtpIngress, RtpIngressOptions } from '../lecture/ports.ts';
import { requestFromWorker } from './mediaErrors.ts';
import { SfuTrack } from './SfuTrack.ts';
import { arrivalCheckIntervalMs, ingressPorts, keyFrameRequestDelayMs, socketBufferBytes } from './limits.ts';

const host = '127.0.0.1';

export interface RtpIngressPorts {
  router: types.Router;
  logger: Logger;
  clock: Clock;
  createFrameTap: CreateFrameTap;
}

/**
 * A loopback port pair that receives one track as plain RTP. Owns the PlainTransport and the track; closing either closes
 * both. Logs whether media arrives for its viewers, because a sender with a wrong destination fails silently.
 */
export class SfuRtpIngress implements RtpIngress {
  readonly host = host;
  readonly rtpPort: number;
  readonly rtcpPort: number;
  readonly track: SfuTrack;
  readonly #transport: types.PlainTransport;
  readonly #ports: RtpIngressPorts;
  #isArriving = false;
  #cancelCheck: () => void = () => undefined;

  constructor(transport: types.PlainTransport, track: SfuTrack, ports: RtpIngressPorts) {
    this.#transport = transport;
    this.#ports = ports;
    this.track = track;
    this.rtpPort = transport.tuple.localPort;
    this.rtcpPort = transport.rtcpTuple?.localPort ?? transport.tuple.localPort + 1;
    track.onClosed(() => {
      this.#cancelCheck();
      transport.close();
    });
    this.#checkLater(0);
  }

  onClosed(listener: (reason: MediaCloseReason) => void): () => void {
    return this.track.onClosed(listener);
  }

  close(reason: MediaCloseReason): void {
    this.track.close(reason);
  }

  #checkLater(bytesBefore: number): void {
    const { clock, logger } = this.#ports;
    this.#cancelCheck = clock.after(arrivalCheckIntervalMs, () => background('rtpIngress.check', this.#check(bytesBefore), logger));
  }

  async #check(bytesBefore: number): Promise<void> {
    if (this.#transport.closed) return;
    const [stat] = await this.#transport.getStats().catch((err: unknown) => {
      if (this.#transport.closed) return [];
      throw err;
    });
    if (!stat || this.#transport.closed) return;
    const isArriving = stat.rtpBytesReceived > bytesBefore;
    const fields = { trackId: this.track.id, kind: this.track.kind, rtpPort: this.rtpPort };
    if (!isArriving && this.track.demand.active > 0 && (this.#isArriving || bytesBefore === 0)) this.#ports.logger.warn(fields, 'rtpIngress.silent');
    if (isArriving && !this.#isArriving) this.#ports.logger.info(fields, 'rtpIngress.flowing');
    this.#isArriving = isArriving;
    this.#checkLater(stat.rtpBytesReceived);
  }
}

export async function openRtpIngress(options: RtpIngressOptions, ports: RtpIngressPorts): Promise<SfuRtpIngress> {
  const { router, logger, clock, createFrameTap } = ports;
  const transport = await requestFromWorker('The RTP source cannot be connected', () =>
    router.createPlainTransport({
      listenInfo: { protocol: 'udp', ip: host, portRange: ingressPorts, sendBufferSize: socketBufferBytes, recvBufferSize: socketBufferBytes },
      // ffmpeg sends RTCP from another port than RTP. With one port for both, comedia would bind to the RTCP port and drop all media.
      rtcpMux: false,
      comedia: true,
    }),
  );
  try {
    const producer = await requestFromWorker('The RTP source was not accepted', () =>
      transport.produce({ kind: options.kind, rtpParameters: rtpParametersOf(options), keyFrameRequestDelay: keyFrameRequestDelayMs }),
    );
    const track = new SfuTrack({ producer, logger, clock, frames: createFrameTap(producer) });
    return new SfuRtpIngress(transport, track, ports);
  } catch (err) {
    transport.close();
    throw err;
  }
}

function rtpParametersOf({ kind, ssrc, payloadType, profileLevelId }: RtpIngressOptions): types.RtpParameters {
  const codec: types.RtpCodecParameters =
    kind === 'audio'
      ? { mimeType: 'audio/opus', clockRate: 48_000, channels: 2, payloadType, parameters: { 'sprop-stereo': 1, usedtx: 1 } }
      : {
          mimeType: 'video/H264',
          clockRate: 90_000,
          payloadType,
          parameters: { 'packetization-mode': 1, 'profile-level-id': profileLevelId ?? '42e01f', 'level-asymmetry-allowed': 1 },
          // A keyframe is requested when a viewer joins. A copied source cannot respond.
          rtcpFeedback: [{ type: 'nack', parameter: 'pli' }],
        };
  return { codecs: [codec], encodings: [{ ssrc }], rtcp: { cname: `ingress-${ssrc}` } };
}
