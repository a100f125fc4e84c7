import type { Logger } from '../../kernel/index.ts';
import type { FrameSink } from '../../media/index.ts';
import type { RtpPacket } from './rtpPacket.ts';

/** Assembles frames of one codec from ordered packets. */
export interface FrameAssembler {
  push(packet: RtpPacket): void;
  /** Packets before the next one were lost. */
  lost(): void;
  /** No more packets follow. Resolves when the sink has every frame. */
  finish?(): Promise<void>;
  /** The sink takes no more frames. */
  abort?(): void;
}

export interface FrameAssemblerOptions {
  sink: FrameSink;
  /** The capture time of an RTP timestamp, microseconds of the server's Clock. */
  timeOf(rtpTimestamp: number): number;
  requestKeyframe(): void;
  logger: Logger;
}
