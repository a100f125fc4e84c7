import type { types } from 'mediasoup';
import { CodedError } from '../../contract/index.ts';
import { background } from '../../kernel/index.ts';
import type { Clock, Logger } from '../../kernel/index.ts';
import type { FrameSink, FrameTap, FrameTapHandle } from '../../media/index.ts';
import { requestFromWorker } from '../mediaErrors.ts';
import type { FrameAssembler, FrameAssemblerOptions } from './FrameAssembler.ts';
import type { FrameTransport } from './FrameTransport.ts';
import { H264Assembler } from './H264Assembler.ts';
import { OpusAssembler } from './OpusAssembler.ts';
import { ReorderBuffer } from './ReorderBuffer.ts';
import { parseRtpPacket } from './rtpPacket.ts';
import { RtpTimeline } from './RtpTimeline.ts';
import type { SenderClock } from './SenderClock.ts';
import { Vp8Assembler } from './vp8/Vp8Assembler.ts';
import { maxHeldPackets, maxPacketWaitMs, tapHoldMs, tapKeyframeRequestIntervalMs } from '../limits.ts';

export interface RtpFrameTapOptions {
  producer: types.Producer;
  transport: FrameTransport;
  senderClock: SenderClock;
  ffmpegCommand: string;
  logger: Logger;
  clock: Clock;
}

/** Creates the tap of a producer. All tracks of one sender use the same function, and so the same sender clock. */
export type CreateFrameTap = (producer: types.Producer) => FrameTap;

/** The frames of a track from its RTP in the room. Each `open` has a consumer of its own. */
export class RtpFrameTap implements FrameTap {
  readonly #options: RtpFrameTapOptions;

  constructor(options: RtpFrameTapOptions) {
    this.#options = options;
  }

  async open(sink: FrameSink): Promise<FrameTapHandle> {
    const createAssembler = assemblerFor(this.#options);
    return requestFromWorker('The track cannot be tapped', async () => {
      const consumer = await this.#options.transport.consume(this.#options.producer);
      const reader = new TapReader({ ...this.#options, consumer, sink, createAssembler });
      try {
        await reader.start();
      } catch (err) {
        reader.close();
        throw err;
      }
      return reader;
    });
  }
}

type CreateAssembler = (options: FrameAssemblerOptions) => FrameAssembler;

function assemblerFor({ producer, ffmpegCommand, clock }: RtpFrameTapOptions): CreateAssembler {
  const mimeType = producer.rtpParameters.codecs[0]?.mimeType.toLowerCase();
  if (mimeType === 'video/h264') return (options) => new H264Assembler(options);
  if (mimeType === 'video/vp8') return (options) => new Vp8Assembler({ ...options, ffmpegCommand, clock });
  if (mimeType === 'audio/opus') return (options) => new OpusAssembler(options);
  throw new CodedError('media.unsupported', `A ${mimeType} track cannot be recorded.`);
}

interface TapReaderOptions extends RtpFrameTapOptions {
  consumer: types.Consumer;
  sink: FrameSink;
  createAssembler: CreateAssembler;
}

/** One open tap, from the packets of its consumer to the sink. Owns the consumer and the reorder buffer. */
class TapReader implements FrameTapHandle {
  readonly #options: TapReaderOptions;
  readonly #timeline: RtpTimeline;
  readonly #assembler: FrameAssembler;
  readonly #reorder: ReorderBuffer;
  #stopReports: () => void = () => undefined;
  #cancelHold: (() => void) | undefined;
  #keyframeRequestedAtMs = -Infinity;
  #isEnding = false;
  #isClosed = false;

  constructor(options: TapReaderOptions) {
    this.#options = options;
    const { consumer, sink, clock, logger } = options;
    const [codec] = consumer.rtpParameters.codecs;
    if (!codec) throw new Error('a consumer without codec');
    const timeline = new RtpTimeline(codec.clockRate);
    this.#timeline = timeline;
    this.#assembler = options.createAssembler({
      sink,
      timeOf: (timestamp) => timeline.timeOf(timestamp),
      requestKeyframe: () => this.requestKeyframe(),
      logger,
    });
    this.#reorder = new ReorderBuffer({
      clock,
      maxWaitMs: maxPacketWaitMs,
      maxPackets: maxHeldPackets,
      onPacket: (packet) => this.#assembler.push(packet),
      onLost: (count) => this.#lost(count),
    });
    consumer.on('rtp', (bytes) => this.#receive(bytes, codec.payloadType));
    consumer.once('producerclose', () => this.end());
    consumer.once('transportclose', () => this.end());
  }

  async start(): Promise<void> {
    const { consumer, producer, senderClock } = this.#options;
    const stopReports = await senderClock.listen(producer, (timestamp, atUs) => this.#timeline.reported(timestamp, atUs));
    if (this.#isClosed) return stopReports();
    this.#stopReports = stopReports;
    await consumer.resume();
  }

  end(): void {
    if (this.#isEnding || this.#isClosed) return;
    this.#isEnding = true;
    try {
      this.#reorder.flush();
    } finally {
      if (this.#assembler.finish) background('frameTap.finish', this.#assembler.finish().finally(() => this.#notifyEnded()), this.#options.logger);
      else this.#notifyEnded();
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stopReports();
    this.#cancelHold?.();
    this.#reorder.close();
    this.#assembler.abort?.();
    this.#options.consumer.close();
  }

  requestKeyframe(): void {
    const { clock, consumer, logger } = this.#options;
    if (clock.nowMs() - this.#keyframeRequestedAtMs < tapKeyframeRequestIntervalMs || consumer.closed) return;
    this.#keyframeRequestedAtMs = clock.nowMs();
    const asking = consumer.requestKeyFrame().catch((err: unknown) => {
      if (!consumer.closed) throw err;
    });
    background('frameTap.requestKeyframe', asking, logger);
  }

  #notifyEnded(): void {
    if (this.#isClosed) return;
    this.close();
    this.#options.sink.ended();
  }

  #receive(bytes: Uint8Array, payloadType: number): void {
    const packet = parseRtpPacket(bytes);
    if (this.#isEnding || this.#isClosed || packet?.payloadType !== payloadType) return;
    this.#cancelHold ??= this.#options.clock.after(tapHoldMs, () => this.#reorder.release());
    this.#timeline.arrived(packet.timestamp, this.#options.clock.nowMs() * 1000);
    this.#reorder.push(packet);
  }

  #lost(count: number): void {
    const { logger, producer } = this.#options;
    logger.debug({ trackId: producer.id, count }, 'frameTap.packetsLost');
    this.#assembler.lost();
  }
}
