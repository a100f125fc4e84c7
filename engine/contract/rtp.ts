import * as z from 'zod';
import { maxCapabilitiesLength, maxCodecParameters } from './limits.ts';

/**
 * The WebRTC objects that clients and mediasoup exchange (ORTC names). The schemas bound their size and check the fields
 * that the engine reads; mediasoup checks the rest against the capabilities of the router.
 */
const Parameters = z
  .record(z.string().max(64), z.union([z.string().max(256), z.number(), z.boolean(), z.null()]))
  .refine((parameters) => Object.keys(parameters).length <= maxCodecParameters, `at most ${maxCodecParameters} parameters`);

const RtcpFeedback = z.object({ type: z.string().max(32), parameter: z.string().max(64).optional() });

const RtpHeaderExtension = z.object({
  uri: z.string().max(256),
  id: z.number().int().min(1).max(255).describe('As in `a=extmap`.'),
  encrypt: z.boolean().optional(),
  parameters: Parameters.optional(),
});

const RtpCodec = z.object({
  mimeType: z.string().regex(/^(audio|video)\/[A-Za-z0-9.-]{1,32}$/).describe('`audio/opus`, `video/H264`, `video/VP8`; `video/rtx` for retransmissions.'),
  payloadType: z.number().int().min(0).max(127),
  clockRate: z.number().int().min(1).max(192_000),
  channels: z.number().int().min(1).max(8).optional().describe('For audio.'),
  parameters: Parameters.optional().describe('As in `a=fmtp`: names with their values, numbers as numbers.'),
  rtcpFeedback: z.array(RtcpFeedback).max(16).optional().describe('As in `a=rtcp-fb`.'),
});

const Ssrc = z.number().int().min(0).max(0xffff_ffff);

const RtpEncoding = z.object({
  ssrc: Ssrc.optional().describe('Of the RTP packets.'),
  rid: z.string().max(32).optional(),
  codecPayloadType: z.number().int().min(0).max(127).optional(),
  rtx: z.object({ ssrc: Ssrc }).optional().describe('The stream with its retransmissions, as in `a=ssrc-group:FID`.'),
  dtx: z.boolean().optional(),
  scalabilityMode: z.string().max(16).optional(),
  scaleResolutionDownBy: z.number().min(1).max(64).optional(),
  maxBitrate: z.number().int().min(0).optional(),
  active: z.boolean().optional(),
});

export const RtpParameters = z.object({
  mid: z.string().max(32).optional().describe('Unique within a transport, as in `a=mid`.'),
  msid: z.string().max(256).optional(),
  codecs: z.array(RtpCodec).min(1).max(16),
  headerExtensions: z.array(RtpHeaderExtension).max(32).optional(),
  encodings: z.array(RtpEncoding).max(8).optional().describe('One for each layer of simulcast, the lowest first.'),
  rtcp: z.object({ cname: z.string().max(256).optional(), reducedSize: z.boolean().optional(), mux: z.boolean().optional() }).optional(),
});
export type RtpParameters = z.infer<typeof RtpParameters>;

export const RtpCapabilities = z.object({
  codecs: z
    .array(
      RtpCodec.omit({ payloadType: true }).extend({
        kind: z.enum(['audio', 'video']),
        preferredPayloadType: z.number().int().min(0).max(127).optional().describe('The payload type that the server sends.'),
      }),
    )
    .max(32)
    .optional(),
  headerExtensions: z
    .array(
      z.object({
        kind: z.enum(['audio', 'video']),
        uri: z.string().max(256),
        preferredId: z.number().int().min(1).max(255),
        preferredEncrypt: z.boolean().optional(),
        direction: z.enum(['sendrecv', 'sendonly', 'recvonly', 'inactive']).optional(),
      }),
    )
    .max(32)
    .optional(),
}).refine((capabilities) => JSON.stringify(capabilities).length <= maxCapabilitiesLength, `at most ${maxCapabilitiesLength} characters as JSON`);
export type RtpCapabilities = z.infer<typeof RtpCapabilities>;

export const DtlsParameters = z.object({
  role: z.enum(['auto', 'client', 'server']).optional().describe('`client` sends the first message: `a=setup:active`.'),
  fingerprints: z
    .array(z.object({ algorithm: z.string().max(32).describe('`sha-256`'), value: z.string().max(256).describe('`AB:CD:…`') }))
    .min(1)
    .max(8)
    .describe('Of the certificate, as in `a=fingerprint`.'),
});
export type DtlsParameters = z.infer<typeof DtlsParameters>;

export const IceParameters = z.object({ usernameFragment: z.string(), password: z.string(), iceLite: z.boolean().optional() });
export type IceParameters = z.infer<typeof IceParameters>;

export const IceCandidate = z.object({
  foundation: z.string(),
  priority: z.number(),
  ip: z.string(),
  address: z.string().optional(),
  protocol: z.enum(['udp', 'tcp']),
  port: z.number().int(),
  type: z.string(),
  tcpType: z.string().optional().describe('`passive`, for TCP: the client connects.'),
});
export type IceCandidate = z.infer<typeof IceCandidate>;

export const TransportParameters = z.object({
  id: z.string(),
  iceParameters: IceParameters,
  iceCandidates: z.array(IceCandidate),
  dtlsParameters: DtlsParameters,
});
export type TransportParameters = z.infer<typeof TransportParameters>;

export const IceServer = z.object({ urls: z.array(z.string()), username: z.string().optional(), credential: z.string().optional() });
export type IceServer = z.infer<typeof IceServer>;

/** Spatial and temporal layer of a simulcast track; 0 is the lowest. */
export const PreferredLayers = z.object({ spatialLayer: z.number().int().min(0).max(7), temporalLayer: z.number().int().min(0).max(7).optional() });
export type PreferredLayers = z.infer<typeof PreferredLayers>;
