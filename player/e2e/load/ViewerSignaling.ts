import * as z from 'zod';
import { RtpCapabilities, RtpParameters, TransportParameters } from '#engine/contract';
import type { DtlsParameters } from '#engine/contract';

/** What a viewer connects to: a lecture, with a ticket, or a bare mediasoup server. */
export const ViewerAddress = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('lectern'), baseUrl: z.string(), ticket: z.string() }),
  z.object({ kind: z.literal('bare'), baseUrl: z.string() }),
]);
export type ViewerAddress = z.infer<typeof ViewerAddress>;

/** The response of a bare mediasoup server to `POST /viewers`, and its tracks. */
export const BareViewer = z.object({
  id: z.string(),
  transport: TransportParameters,
  rtpCapabilities: RtpCapabilities,
});
export const BareTracks = z.object({ tracks: z.array(z.object({ kind: z.enum(['audio', 'video']), rtpParameters: RtpParameters })) });
export type ReceivedTrack = z.infer<typeof BareTracks>['tracks'][number];

/** The signaling of one viewer, for its transport and tracks. Owns the connection to the server. */
export interface ViewerSignaling {
  openTransport(): Promise<TransportParameters>;
  connectTransport(dtlsParameters: DtlsParameters): Promise<void>;
  /** Subscribes to every track. Media begins to flow with `setPaused(false)`. */
  subscribeToAll(): Promise<ReceivedTrack[]>;
  setPaused(isPaused: boolean): Promise<void>;
  leave(): void;
}
