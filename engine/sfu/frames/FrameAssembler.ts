import type { Logger } from '../../kernel/index.ts';
import type { FrameSink } from '../../media/index.ts';
import type { RtpPacket } from './rtpPacket.ts';

/** Makes frames of one codec out of packets in order. */
export interface FrameAssembler {
  push(packet: RtpPacket): void;
  /** Packets before the next one never came. */
  lost(): void;
  /** Nothing more will come; resolves when the sink has heard everything. */
  finish?(): Promise<void>;
  /** Nobody listens any more. */
  abort?(): void;
}

export interface FrameAssemblerOptions {
  sink: FrameSink;
  /** The capture time of an RTP timestamp, microseconds of the server's Clock. */
  timeOf(rtpTimestamp: number): number;
  requestKeyframe(): void;
  logger: Logger;
}
