import type { Device, types } from 'mediasoup-client';
import type { TrackSource } from '#engine/contract';

export type LocalSourceKind = Exclude<TrackSource, 'program'>;

/** 720p in three simulcast layers, smallest first: a quarter, a half and the full size. */
const cameraLayers: types.RtpEncodingParameters[] = [
  { rid: 'l', maxBitrate: 150_000, scaleResolutionDownBy: 4 },
  { rid: 'm', maxBitrate: 500_000, scaleResolutionDownBy: 2 },
  { rid: 'h', maxBitrate: 1_700_000, scaleResolutionDownBy: 1 },
];
const screenLayer: types.RtpEncodingParameters[] = [{ maxBitrate: 2_500_000 }];

type Encoding = Pick<types.ProducerOptions, 'encodings' | 'codec' | 'codecOptions'>;

/** How a track is encoded. H.264 if the browser supports it, so that the recording needs no transcoding. */
export function encodingFor(source: LocalSourceKind, device: Device): Encoding {
  if (source === 'microphone') return { codecOptions: { opusDtx: false, opusFec: true, opusStereo: false } };
  return {
    encodings: source === 'camera' ? cameraLayers : screenLayer,
    codec: preferredVideoCodec(device.sendRtpCapabilities.codecs ?? []),
    codecOptions: { videoGoogleStartBitrate: 1000 },
  };
}

export function preferredVideoCodec(codecs: readonly types.RtpCodecCapability[]): types.RtpCodecCapability | undefined {
  return codecs.find(({ mimeType }) => mimeType.toLowerCase() === 'video/h264');
}
