import * as z from 'zod';
import { RtpCapabilities, RtpParameters, TransportParameters } from '#engine/contract';
import type { DtlsParameters } from '#engine/contract';

/** Where a viewer sits: a lecture of Lectern, entered with a ticket, or a bare mediasoup server. */
export const ViewerAddress = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('lectern'), baseUrl: z.string(), ticket: z.string() }),
  z.object({ kind: z.literal('bare'), baseUrl: z.string() }),
]);
export type ViewerAddress = z.infer<typeof ViewerAddress>;

/** What a bare mediasoup server answers to `POST /viewers`, and what its viewers take. */
export const BareViewer = z.object({
  id: z.string(),
  transport: TransportParameters,
  rtpCapabilities: RtpCapabilities,
});
export const BareTracks = z.object({ tracks: z.array(z.object({ kind: z.enum(['audio', 'video']), rtpParameters: RtpParameters })) });
export type ReceivedTrack = z.infer<typeof BareTracks>['tracks'][number];

/** The signaling of one viewer: how it comes by a transport and by tracks. Owns its connection to the server. */
export interface ViewerSignaling {
  openTransport(): Promise<TransportParameters>;
  connectTransport(dtlsParameters: DtlsParameters): Promise<void>;
  /** Takes every track there is; they begin to flow with `setPaused(false)`. */
  subscribeToAll(): Promise<ReceivedTrack[]>;
  setPaused(isPaused: boolean): Promise<void>;
  leave(): void;
}
