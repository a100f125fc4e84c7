import type { Clock, Logger } from '#engine/kernel';
import type { RecentMedia } from '../media/RecentMedia.ts';
import type { SourceInspector } from '../media/SourceInspector.ts';
import type { DemandedTrack } from './FeedDemand.ts';
import type { RtpDestination } from './RtpSender.ts';

/** RTP payload types of the feed. */
export const payloadTypes = { video: 102, audio: 111 } as const;

export interface FeedOptions {
  ssrc: number;
  /** The capture time of RTP timestamp zero. */
  originUs: number;
  recent: RecentMedia;
  inspector: SourceInspector;
  ffmpegCommand: string;
  clock: Clock;
  logger: Logger;
}

/** An ingress of the room, and the track that it carries. */
export interface FeedDestination extends RtpDestination {
  readonly track: DemandedTrack;
}
